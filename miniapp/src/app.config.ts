const active =
  process.env.TARO_ENV === 'dd' ? { suffix: '-dingtalk', color: '#1677ff' } : { suffix: '-wecom', color: '#2b7de9' };
/** Where the host has a dark look of its own (WeChat and WeCom), colours are names in `theme.json`. */
const themed = process.env.TARO_ENV === 'weapp';
const colour = (name: string, plain: string) => (themed ? `@${name}` : plain);
const tab = (name: string, text: string) => ({
  pagePath: `pages/${name}/index`,
  text,
  iconPath: `assets/tab-${name}.png`,
  selectedIconPath: `assets/tab-${name}${active.suffix}.png`,
});

/** Pages that the main package, kept below 1 MB, does without. */
const apart = ['visit', 'nearby', 'sidebar', 'notify', 'away', 'batch'];

export default defineAppConfig({
  ...(themed ? { darkmode: true, themeLocation: 'theme.json' } : {}),
  pages: [
    'pages/workbench/index',
    'pages/customers/index',
    'pages/tasks/index',
    'pages/me/index',
    'pages/task/index',
    'pages/record/index',
    'pages/form/index',
    'pages/list/index',
    'pages/notices/index',
    'pages/login/index',
  ],
  subPackages: [
    { root: 'report', pages: ['pages/dashboard/index', 'pages/widget/index'] },
    ...apart.map((name) => ({ root: `pages/${name}`, pages: ['index'] })),
  ],
  // On the phone before they are wanted: a visit is logged where there is no network.
  preloadRule: { 'pages/workbench/index': { network: 'all', packages: apart.map((name) => `pages/${name}`) } },
  window: {
    navigationBarTitleText: '联客',
    navigationBarBackgroundColor: colour('bar', '#ffffff'),
    navigationBarTextStyle: colour('barText', 'black') as 'black',
    backgroundColor: colour('page', '#f5f6f8'),
    backgroundTextStyle: colour('pull', 'dark') as 'dark',
  },
  tabBar: {
    color: colour('tab', '#646a73'),
    selectedColor: active.color,
    backgroundColor: colour('bar', '#ffffff'),
    borderStyle: colour('border', 'white') as 'white',
    list: [tab('workbench', '工作台'), tab('customers', '客户'), tab('tasks', '待办'), tab('me', '我的')],
  },
  // WeChat's own declarations; DingTalk asks without them.
  ...(process.env.TARO_ENV === 'weapp'
    ? { permission: { 'scope.userLocation': { desc: '记拜访时填入所在位置' } }, requiredPrivateInfos: ['getLocation'] }
    : {}),
});

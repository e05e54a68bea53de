import type { Words } from '@lianke/shared/errors/issue-text';

/** One sentence for several of the older interface's numbers and the newer one's codes. */
type Advice = readonly [codes: readonly (number | string)[], zh: string, en: string];

/** Settings that an administrator of the company mends in DingTalk's developer console. */
const settings: readonly Advice[] = [
  [
    [40035, 400002, 22, 404, 43001, 43002, 'invalidParameter', 'unsupported.grant.type'],
    '钉钉不接受这次请求的参数，请检查连接里的 AgentId、机器人编码与卡片模板；都正确的话，请把这条记录交给部署方',
    'DingTalk does not take a parameter of this request: check the AgentId, the robot code and the card template of the connection; if they are right, hand this record to whoever runs the server',
  ],
  [
    [40056, 52019, 34012],
    'AgentId 不对，请到钉钉开发者后台“凭证与基础信息”复制',
    "The AgentId is wrong: copy it from 凭证与基础信息 in DingTalk's developer console",
  ],
  [
    [40089, 33001],
    'CorpId 不对，请到钉钉开发者后台首页复制',
    "The CorpId is wrong: copy it from the first page of DingTalk's developer console",
  ],
  [
    [40091, 40096, 'invalidClientIdOrSecret', 'authFailed', 'invalid.client'],
    'AppKey 或 AppSecret 不对，请到钉钉开发者后台“凭证与基础信息”重新复制',
    "The AppKey or AppSecret is wrong: copy it again from 凭证与基础信息 in DingTalk's developer console",
  ],
  [
    ['unauthorized.client'],
    '应用没有授权给这家企业，请到钉钉开发者后台确认应用已发布、企业 CorpId 正确',
    "The app is not authorised for this company: check in DingTalk's developer console that it is published and that the CorpId is right",
  ],
  [
    ['param.cardTemplateIdInvalid'],
    '没有这个卡片模板，请在卡片平台发布后复制模板 ID',
    'There is no such card template: publish it on the card platform and copy its id',
  ],
  [
    ['param.callbackRouteKeyExist', 'param.callbackUrlEmpty', 'system.updateCallbackFailed'],
    '卡片回调没有登记上，请检查本系统的公网地址，再按“检查连接”',
    'The callback of cards could not be registered: check the public address of this system, then check the connection again',
  ],
  [
    ['invalidParameter.robotCode.invalid'],
    '机器人编码不对，请在钉钉开发者后台给应用添加机器人并发布',
    "The robot code is wrong: add a robot to the app in DingTalk's developer console and publish it",
  ],
  [
    [52013],
    '页面的 JSAPI 签名没有通过，请检查服务器时间是否准确、网址是否就是应用首页的域名，再刷新页面',
    "The page's JSAPI signature was refused: check the clock of the server and that the page is opened under the domain of the app's home, then reload it",
  ],
];

/** Apps of the directory. */
const suites: readonly Advice[] = [
  [
    ['invalidSuiteKey', 853003],
    '第三方应用的 SuiteKey 或 SuiteSecret 不对，请检查服务器的设置 DINGTALK_SUITE_KEY 与 DINGTALK_SUITE_SECRET',
    "The SuiteKey or SuiteSecret is wrong: check the server's settings DINGTALK_SUITE_KEY and DINGTALK_SUITE_SECRET",
  ],
  [
    [853004, 900005],
    '签名不匹配，请检查服务器的设置 DINGTALK_SUITE_SECRET 是否就是开发者后台里的 SuiteSecret',
    "The signature does not match: check that the server's setting DINGTALK_SUITE_SECRET is the SuiteSecret of the developer console",
  ],
  [
    [853001, 853002],
    '签名的时间与钉钉相差太多，请校准服务器的时间（NTP）',
    'The time of the signature is too far from the one of DingTalk: set the clock of the server right (NTP)',
  ],
  [
    ['invalidSuiteTicket', 40085],
    '平台还没有推送有效的 suite_ticket，请检查第三方应用的推送地址，稍后再试',
    "The platform has pushed no valid suite_ticket yet: check the suite's push URL and try again later",
  ],
  [
    ['invalidAuthInfo'],
    '企业已取消对联客的授权，请从应用目录重新添加',
    'The company took its consent back: add Lianke from the app directory again',
  ],
];

/** People, messages, cards and to-dos. */
const messages: readonly Advice[] = [
  [
    [33012, 60121, 'param.userIdNotExist'],
    '钉钉里没有这个成员，可能已离职，请在连接里重新同步通讯录',
    'DingTalk has no such member, who may have left: synchronise the contacts in the connection again',
  ],
  [
    [60003, 60019],
    '钉钉里没有这个部门，可能已删除，请在连接里重新同步通讯录',
    'DingTalk has no such department, it may have been deleted: synchronise the contacts in the connection again',
  ],
  [
    [50002, 50004],
    '成员或部门不在应用的范围内，请到钉钉开发者后台检查“权限管理”的通讯录范围与“可使用范围”',
    "The member or department is out of the app's range: check the contact scope under 权限管理 and 可使用范围 in DingTalk's developer console",
  ],
  [
    [40029, 40078, 'invalidParameter.authCode.notFound'],
    '登录码无效、用过了或超过 5 分钟，请重新扫码或重新打开页面',
    'The log-in code is unknown, used, or older than five minutes: scan again or open the page anew',
  ],
  [[1430000], '钉钉没有找到接收的人', 'DingTalk found nobody to give it to'],
  [
    [1430002],
    '内容被钉钉拦下，请去掉其中的敏感词或可疑的网址',
    'DingTalk held the words back: take out what it may find unsafe, or a doubtful address',
  ],
  [
    [1430004],
    '这个人开启了高管保护，应用不能给他发通知，请他在钉钉里放开，或改用别的渠道',
    'This person is under executive protection: ask him to let the app through in DingTalk, or use another channel',
  ],
  [
    [143106, 143206],
    '同一个人一天内收到过一样的工作通知，钉钉不再投递；这条就是先前那条的重复',
    'This person had the very same work notice today, so DingTalk does not deliver it again: it is a repeat of the earlier one',
  ],
  [
    ['param.contentUnsafe'],
    '卡片内容被钉钉拦下，请去掉其中的敏感词或可疑的网址',
    "DingTalk held the card's words back: take out what it may find unsafe, or a doubtful address",
  ],
  [
    ['param.cardNotExist'],
    '这张卡片在钉钉里已经不在了，结果会另发一条消息',
    'This card is gone at DingTalk: the outcome goes out as a message',
  ],
  [['param.cardAlreadyExist'], '这张卡片先前已经发出，不再重复发送', 'This card went out before and is not sent again'],
  [
    ['param.outTrackIdEmpty', 'param.cardDataAndPrivateDataBothEmpty'],
    '钉钉不接受这张卡片的内容，请核对卡片模板的变量与连接页上的清单一致；一致的话，请把这条投递记录交给部署方',
    "DingTalk does not take this card's content: compare the variables of the template with the list on the connection page; if they are the same, hand this delivery to whoever runs the server",
  ],
  [
    ['todo.taskCreate.paramError', 'todo.taskUpdate.paramError', 'todo.taskExecutorStatusUpdate.paramError'],
    '钉钉不接受这条待办：它可能已被删除，或标题、接收人超过上限',
    'DingTalk does not take this to-do: it may have been deleted, or its title or people are too many',
  ],
  [
    [41052],
    '工作通知还没有送完，或接收的人超过 5 个，状态栏改不了；打开页面看到的总是最新结果',
    'The work notice is not delivered yet or has more than five readers, so that its state cannot be changed; the page always shows the outcome',
  ],
];

/** What passes by itself. */
const passing: readonly Advice[] = [
  [
    [-1, 'systemBusy', 'system.busy', 'unknownError'],
    '钉钉系统繁忙，会自动再试',
    'DingTalk is busy; it is tried again',
  ],
  [
    ['todo.taskCreate.lockError', 'todo.taskCreate.systemError', 'todo.taskUpdate.systemError'],
    '钉钉的待办服务繁忙，会自动再试',
    'The to-do service of DingTalk is busy; it is tried again',
  ],
  [
    [...[40000, 40001, 40014, 41001, 42001], ...['InvalidAuthentication', 'AuthenticationFailed.MissingParameter']],
    '钉钉的凭证已失效，会自动换新；反复出现时请在连接里重新填写 AppSecret',
    'The token of DingTalk has ended and is renewed by itself; if this stays, enter the AppSecret in the connection again',
  ],
  [
    [90018, 90002, 1111, 'todo.taskCreate.flowControlError'],
    '调用太频繁，已到钉钉的上限，稍后自动再试',
    'Too many calls, the limit of DingTalk is reached: it is tried again later',
  ],
  [
    [90020],
    '本月的接口调用次数已经用完，请在钉钉管理后台升级或购买，下个月会恢复',
    "This month's calls are used up: buy more in the administration of DingTalk, or wait for the next month",
  ],
  [
    [143103, 143104, 143203, 143204],
    '这一分钟的工作通知发得太多，钉钉没有投递，一分钟后自动重发',
    'Too many work notices in this minute: DingTalk held it back, it is sent again after a minute',
  ],
  [
    [143105, 143205],
    '今天发给这个人的工作通知已到钉钉的上限，到明天会自动重发；可以在“通知设置”里少发一些，或合并成汇总',
    "This person has had as many work notices today as DingTalk allows: it is sent again until tomorrow's are free; send fewer, or merge them in the notification settings",
  ],
];

const known = new Map(
  [...settings, ...suites, ...messages, ...passing].flatMap(([codes, zh, en]) =>
    codes.map((code) => [code, { zh, en } satisfies Words] as const),
  ),
);

/** The newer interface's families: its gateway has one code for each window. */
const families: readonly (readonly [RegExp, number])[] = [
  [/ApiCountLimit/, 90020],
  [/(Qps|Qpm)Limit/, 90018],
  [/^invalidParameter\./, 40035],
];

/**
 * What is wrong and how to mend it, by DingTalk's number or code; undefined for those that have no sentence yet. Missing
 * permissions and addresses (60011, 60020) have sentences of their own, which name them.
 */
export function dingAdvice(code: number | string): Words | undefined {
  const exact = known.get(code);
  if (exact || typeof code === 'number') return exact;
  const family = families.find(([pattern]) => pattern.test(code));
  return family && known.get(family[1]);
}

/** How many buttons of a card can act in the chat; further ones are found on the page behind it. */
export const actionSlots = 3;

const slots = Array.from({ length: actionSlots }, (_, index) => index + 1);

export interface RecipeVariable {
  name: string;
  use: { zh: string; en: string };
}

/**
 * The card template that an administrator builds once on 钉钉卡片平台, because nobody can build it through the interface: which
 * variables it has and what each is for. The console shows them to copy, the server fills them.
 */
export const cardRecipe: readonly RecipeVariable[] = [
  { name: 'title', use: { zh: '标题', en: 'Title' } },
  { name: 'description', use: { zh: '标题下的一行说明，为空时隐藏', en: 'A line below the title; hidden when empty' } },
  {
    name: 'contents',
    use: { zh: '循环列表，每项有 label 与 text', en: 'A list; each item has label and text' },
  },
  {
    name: 'status',
    use: {
      zh: '显隐条件：pending 显示按钮，done 显示结果',
      en: 'Decides what is seen: pending shows the buttons, done the result',
    },
  },
  { name: 'outcome', use: { zh: '结果文字，status 为 done 时显示', en: 'The result, shown when status is done' } },
  { name: 'url', use: { zh: '整张卡片与跳转按钮的链接', en: 'Address behind the card and the link button' } },
  { name: 'open_text', use: { zh: '跳转按钮的文字', en: 'Text of the link button' } },
  ...slots.flatMap((slot) => [
    {
      name: `a${slot}_text`,
      use: { zh: `按钮 ${slot} 的文字，为空时隐藏`, en: `Text of button ${slot}; hidden when empty` },
    },
    {
      name: `a${slot}_key`,
      use: {
        zh: `按钮 ${slot} 的点击事件选“回传请求”，参数 action 取这个变量`,
        en: `Button ${slot} sends a callback request whose parameter action is this variable`,
      },
    },
  ]),
];

export interface AppPermission {
  /** As the platform's console finds it. */
  code: string;
  zh: string;
  en: string;
  /** The product works without it. */
  optional?: boolean;
}

/** What an app asks for under 权限管理, in the words of the platform. */
export const appPermissions: readonly AppPermission[] = [
  { code: 'qyapi_get_department_list', zh: '通讯录部门信息读权限', en: 'read departments' },
  { code: 'qyapi_get_department_member', zh: '通讯录部门成员读权限', en: 'read the members of departments' },
  { code: 'qyapi_get_member', zh: '成员信息读权限', en: 'read members' },
  { code: 'Contact.User.Read', zh: '通讯录个人信息读权限', en: 'read who logs in' },
  { code: 'qyapi_robot_sendmsg', zh: '企业内机器人发送消息权限', en: 'send as the robot' },
  { code: 'Card.Instance.Write', zh: '互动卡片实例写权限', en: 'send and change cards' },
  { code: 'Todo.Todo.Write', zh: '待办应用中待办写权限', en: 'make and finish to-dos' },
  { code: 'Todo.Todo.Read', zh: '待办应用中待办读权限', en: 'find to-dos again' },
  { code: 'fieldMobile', zh: '企业员工手机号信息', en: 'mobile numbers, to recognise people', optional: true },
  { code: 'fieldEmail', zh: '邮箱等个人信息', en: 'mail addresses', optional: true },
];

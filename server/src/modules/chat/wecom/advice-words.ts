import type { Words } from '@lianke/shared/errors/issue-text';

/** One sentence for several numbers. */
type Advice = readonly [numbers: readonly number[], zh: string, en: string];

/** Where the platform's own few words say which part is meant: they are told too. */
const detailed: readonly Advice[] = [
  [
    [
      ...[40008, 40033, 40035, 40058, 40063, 44004, 45002, 45008, 45024, 42017, 42018, 42019, 42020, 42027, 42028],
      ...[42029, 42031, 42033, 42035, 42036, 42037, 42038, 42039, 42040, 42041, 42042, 42043, 42044, 42045, 42046],
      ...[42047, 42049, 42050, 42051],
    ],
    '企业微信不接受这条消息或卡片的内容，请检查标题、字段、按钮与链接是否为空或过长；都正常的话，请把这条投递记录交给部署方',
    'WeCom does not take the content of this message or card: check whether its title, fields, buttons and links are empty or too long; if they are not, hand this delivery to whoever runs the server',
  ],
  [
    [41016, 41021, 41022, 41023, 41024, 41025, 41035],
    '发给企业微信的请求少了一项，请把这条记录交给部署方',
    'The request to WeCom lacked a part: hand this record to whoever runs the server',
  ],
];

/** Settings that an administrator of the company mends in the WeCom console. */
const settings: readonly Advice[] = [
  [
    [40001],
    'Secret 不对，请到企业微信后台的应用页重新复制',
    "The secret is wrong: copy it again from the app's page in the WeCom console",
  ],
  [
    [40091],
    '这个 Secret 是别的用途的（例如通讯录同步或客户联系），请到企业微信后台的应用页复制应用自己的 Secret',
    "This secret is for something else (contact sync, 客户联系): copy the app's own from its page in the WeCom console",
  ],
  [
    [40013, 41002],
    '企业 ID 不对，请到企业微信后台“我的企业”复制',
    'The corp id is wrong: copy it from 我的企业 in the WeCom console',
  ],
  [
    [41004],
    '还没有填写 Secret，请到企业微信后台的应用页复制到连接里',
    "The secret is missing: copy it from the app's page in the WeCom console into the connection",
  ],
  [
    [40056, 41011],
    'AgentId 不对，请到企业微信后台的应用页复制',
    "The AgentId is wrong: copy it from the app's page in the WeCom console",
  ],
  [
    [301002],
    'AgentId 与 Secret 不是同一个应用的，请到企业微信后台“应用管理”打开这个应用，两个一起重新复制',
    'AgentId and secret are of different apps: open the app under 应用管理 in the WeCom console and copy both again',
  ],
  [
    [43012],
    '应用还没有设置“接收消息”的回调地址，带按钮的卡片发不出去',
    'The app has no callback URL under 接收消息 yet; cards with buttons cannot be sent',
  ],
  [
    [48001, 48002],
    '应用没有调用这个接口的权限；读取客户要在企业微信后台“客户联系 → 可调用接口的应用”里勾选这个应用',
    'The app may not call this interface; to read customers tick it under 客户联系 → 可调用接口的应用 in the WeCom console',
  ],
  [
    [48009],
    '“通讯录同步”的 Secret 不能读取成员资料，请在连接里改填应用自己的 Secret',
    "The secret of 通讯录同步 may not read people: enter the app's own secret in the connection",
  ],
  [[50003], '应用已停用，请在企业微信后台启用', 'The app is disabled: enable it in the WeCom console'],
  [
    [60031],
    '企业微信停用了这个接口，请在企业微信后台查看公告或联系企业微信客服',
    'WeCom has disabled this interface: see the notices in the WeCom console or ask its support',
  ],
  [
    [50001],
    '登录或网页授权的域名不可信，请到企业微信后台的应用页，把“授权回调域”与“网页授权及 JS-SDK 可信域名”改成本系统的域名',
    "The domain of the log-in is not trusted: set 授权回调域 and 可信域名 on the app's page in the WeCom console to this system's domain",
  ],
  [
    [80001, 85005],
    '页面的域名不可信，请到企业微信后台的应用页“网页授权及 JS-SDK”添加本系统的域名，并完成归属校验',
    "The domain of the page is not trusted: add this system's under 网页授权及 JS-SDK on the app's page in the WeCom console and verify it",
  ],
  [
    [40093, 42012],
    '页面的 JS-SDK 签名没有通过，请检查服务器时间是否准确、访问的网址是否就是配置的域名，再刷新页面',
    "The page's JS-SDK signature was refused: check the clock of the server and that the page is opened under the configured domain, then reload it",
  ],
  [
    [42030],
    '小程序没有关联到这个应用，请在企业微信后台的应用页“小程序”里关联，或清空连接里的小程序 AppID',
    "The mini-program is not bound to the app: bind it under 小程序 on the app's page in the WeCom console, or clear its AppID in the connection",
  ],
  [
    [90208],
    '应用不是这个小程序的应用，请在连接里关掉“用小程序通知”',
    "The app is not this mini-program's own: turn the mini-program notices of the connection off",
  ],
  [
    [92002],
    '不能跨企业调用：这个编号属于另一家企业，请检查连接填的是不是本企业的应用',
    'Calls across companies are not allowed: check that the connection holds an app of this company',
  ],
];

/** Apps of the directory. */
const suites: readonly Advice[] = [
  [
    [40080],
    '第三方应用的 suite_secret 不对，请检查服务器的设置 WECOM_SUITE_SECRET',
    "The suite_secret is wrong: check the server's setting WECOM_SUITE_SECRET",
  ],
  [
    [40083, 48003],
    '第三方应用的 suite_id 不对，请检查服务器的设置 WECOM_SUITE_ID',
    "The suite_id is wrong: check the server's setting WECOM_SUITE_ID",
  ],
  [
    [40082, 42009],
    '第三方应用的凭证已失效，会自动换新；反复出现时请检查服务器的设置 WECOM_SUITE_SECRET',
    "The suite's token has ended and is renewed by itself; if this stays, check the server's setting WECOM_SUITE_SECRET",
  ],
  [
    [40084],
    '企业的授权已失效，请从应用目录重新添加联客',
    "The company's consent is no longer valid: add Lianke from the app directory again",
  ],
  [
    [40085],
    '平台还没有推送有效的 suite_ticket，请检查第三方应用的指令回调地址，几分钟后再试',
    "The platform has pushed no valid suite_ticket yet: check the suite's instruction URL and try again in some minutes",
  ],
  [
    [40077, 40078, 42007],
    '授权码已用过或已过期，请从应用目录重新添加联客',
    'The code of this consent was used or has expired: add Lianke from the app directory again',
  ],
  [
    [48004],
    '企业已取消对联客的授权，请从应用目录重新添加',
    'The company took its consent back: add Lianke from the app directory again',
  ],
  [
    [701008],
    '企业没有可用的接口许可，请在企业微信后台为成员购买或分配许可',
    'The company has no licence left: buy or assign licences in the WeCom console',
  ],
];

/** People, groups, messages, and what passes by itself. */
const others: readonly Advice[] = [
  [
    [81013, 82001, 60021, 50002],
    '接收人不在应用的可见范围内，请在企业微信后台的应用页把他加进“可见范围”',
    "The recipient is outside the app's visible range: add them to 可见范围 on the app's page in the WeCom console",
  ],
  [
    [40003, 40031, 46004, 60111],
    '企业微信里没有这个成员，可能已离职或改了账号，请在连接里重新同步通讯录',
    'WeCom has no such member, who may have left or changed the account: synchronise the contacts in the connection again',
  ],
  [
    [60011],
    '应用看不到这个成员、部门或标签，请在企业微信后台的应用页扩大“可见范围”',
    "The app may not see this member, department or tag: widen 可见范围 on the app's page in the WeCom console",
  ],
  [
    [40066, 60003, 60123],
    '企业微信里没有这个部门，可能已删除，请在连接里重新同步通讯录',
    'WeCom has no such department, it may have been deleted: synchronise the contacts in the connection again',
  ],
  [
    [40096, 84061],
    '当前成员没有添加这位客户，或他已不是企业的客户',
    'The member has not added this customer, who may no longer be one of the company',
  ],
  [
    [40032],
    '名单的人数不对：群里要有 2 到 2000 人，一条消息最多发给 1000 人',
    'The number of people is wrong: a group has 2 to 2,000, and one message goes to 1,000 at most',
  ],
  [[40050, 86001, 86003], '群聊已经不在了，可能被解散', 'The group is gone; it may have been dissolved'],
  [[86004], '群聊不是这个应用建的，改不了', 'The app did not make this group and cannot change it'],
  [
    [40029, 42003, 42022],
    '登录码无效、用过了或超过 5 分钟，请重新扫码或重新打开页面',
    'The log-in code is unknown, used, or older than five minutes: scan again or open the page anew',
  ],
  [
    [84014],
    '读取个人资料的授权已过期，请在企业微信里重新打开页面并同意',
    'The consent to read personal data has expired: open the page in WeCom again and agree',
  ],
  [
    [60140, 42014, 42015, 42016],
    '这张卡片已经不能更新（按钮只能更新一次，72 小时内有效），结果会另发一条消息',
    'This card can no longer be changed (each code counts once, within 72 hours): the outcome goes out as a message',
  ],
  [
    [42052],
    '消息发出超过 24 小时，企业微信不让撤回了',
    'The message is older than 24 hours: WeCom no longer takes it back',
  ],
  [
    [40004, 40007],
    '图片或文件已失效（上传的素材保存 3 天），请重新发送',
    'The picture or file has ended (uploads live for three days): send it anew',
  ],
  [
    [45009, 45033],
    '调用太频繁，已到企业微信的上限，一分钟后自动再试',
    'Too many calls, the limit of WeCom is reached: it is tried again after a minute',
  ],
  [
    [45029],
    '一次读取的成员太多，会改为逐个部门读取；反复出现时请把这条记录交给部署方',
    'Too many members in one answer; departments are read one by one. If this stays, hand this record to whoever runs the server',
  ],
  [[-1], '企业微信系统繁忙，会自动再试', 'WeCom is busy; it is tried again'],
  [
    [40014, 41001, 42001],
    '企业微信的凭证已失效，会自动换新；反复出现时请在连接里重新填写 Secret',
    'The token of WeCom has ended and is renewed by itself; if this stays, enter the secret in the connection again',
  ],
];

const byNumber = (lists: readonly Advice[]): Map<number, Words> =>
  new Map(lists.flatMap(([numbers, zh, en]) => numbers.map((number) => [number, { zh, en }] as const)));

const plain = byNumber([...settings, ...suites, ...others]);
const withDetail = byNumber(detailed);

/**
 * What is wrong and how to mend it, by WeCom's number (WW/90313); undefined for numbers that have no sentence yet.
 * 60020 has one of its own, which names the address.
 */
export function wecomAdvice(errcode: number): (Words & { detailed: boolean }) | undefined {
  const known = plain.get(errcode);
  if (known) return { ...known, detailed: false };
  const mistake = withDetail.get(errcode);
  return mistake && { ...mistake, detailed: true };
}

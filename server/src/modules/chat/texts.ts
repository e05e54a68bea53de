import { fillMessage } from '@lianke/shared/errors/codes';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import { type Said, saidIn } from '../../kernel/errors/said.js';

/** What the chat module says itself, in both languages: to members in their own, to groups in theirs. */
const texts = {
  appName: { zh: '联客', en: 'Lianke' },
  outcome: { zh: '结果', en: 'Result' },
  recalled: { zh: '已撤回', en: 'Recalled' },
  trial: { zh: '【试运行】{title}', en: '[Trial] {title}' },
  waiting: { zh: '待处理', en: 'To do' },
  open: { zh: '查看详情', en: 'Open' },
  toHandle: { zh: '去处理', en: 'Open' },
  fact: { zh: '{label}：{value}', en: '{label}: {value}' },
  otherAnswers: { zh: '其他理由', en: 'Other reasons' },
  back: { zh: '返回', en: 'Back' },
  failedText: { zh: '{reason}。{hint}', en: '{reason}. {hint}' },
  digestTitle: { zh: '{count} 条新消息', en: '{count} new messages' },
  digestSame: { zh: '{title}（共 {count} 条）', en: '{title} ({count} in all)' },
  digestMore: { zh: '还有', en: 'More' },
  digestCount: { zh: '{count} 条', en: '{count}' },
  digestHint: { zh: '点开查看全部待办', en: 'Open to see all of your tasks' },
  digestAll: { zh: '点开查看全部消息', en: 'Open to see all messages' },
  digestQuiet: { zh: '勿扰时段里收到的，点开查看全部', en: 'Arrived during your quiet hours; open to see all' },
  updateTitle: { zh: '已处理：{title}', en: 'Handled: {title}' },
  failedTitle: { zh: '操作没有完成', en: 'That did not work' },
  failedHint: { zh: '点开页面可以继续处理', en: 'Open the page to go on' },
  testTitle: { zh: '测试卡片', en: 'Test card' },
  testDescription: {
    zh: '按下按钮，管理后台的检查项就会变绿。',
    en: 'Press the button and the check in the console turns green.',
  },
  testButton: { zh: '收到了', en: 'Got it' },
  testDone: { zh: '连接正常', en: 'Connected' },
  checkSecretOk: { zh: '企业 ID 与 Secret 正确', en: 'Corp id and secret are right' },
  checkSecretNone: { zh: '还没有填写 Secret', en: 'The secret has not been entered' },
  checkSecretBad: { zh: 'Secret 没有通过：{reason}', en: 'The secret was refused: {reason}' },
  proxyDead: { zh: '代理 {host} 没有应答（{reason}）', en: 'The proxy {host} does not answer ({reason})' },
  proxyTimeout: {
    zh: '经代理 {host} 没有等到平台的应答，请检查代理是否在运行、能否访问外网',
    en: 'No answer came through the proxy {host}; check that it runs and reaches the internet',
  },
  proxyPassword: {
    zh: '代理 {host} 不接受这个用户名或密码（407）',
    en: 'The proxy {host} refuses the user or password (407)',
  },
  proxyRefused: {
    zh: '代理 {host} 拒绝转发（{reason}）',
    en: 'The proxy {host} refuses to pass the call on ({reason})',
  },
  proxyBlocked: {
    zh: '代理 {host} 在内网地址上。内网的代理要由部署方在 OUTBOUND_PRIVATE 里放行',
    en: 'The proxy {host} is at a private address, which the operator must allow in OUTBOUND_PRIVATE',
  },
  checkIp: {
    zh: '请在企业微信后台把 {ip} 加入“企业可信IP”',
    en: 'Add {ip} to the trusted IPs (企业可信IP) in the WeCom console',
  },
  checkIpOk: { zh: '企业微信认得这台服务器', en: 'WeCom knows this server' },
  checkIpNone: {
    zh: '还没有调用过；先设好接收消息，再按“检查连接”，应填的 IP 会从企业微信的答复里读出来',
    en: 'Nothing was called yet; set up receiving messages, then check the connection: the IP to enter is read from the answer of WeCom',
  },
  ownIp: { zh: '本服务器的公网 IP', en: 'the public IP of this server' },
  wecomSilent: { zh: '企业微信没有应答（{reason}）', en: 'WeCom did not answer ({reason})' },
  dingSilent: { zh: '钉钉没有应答（{reason}）', en: 'DingTalk did not answer ({reason})' },
  dingIp: {
    zh: '请在钉钉开发者后台“安全设置”把 {ip} 加入服务器出口 IP',
    en: 'Add {ip} to the server IPs under 安全设置 in the developer console of DingTalk',
  },
  dingPermission: {
    zh: '应用缺少权限{scopes}，请在“权限管理”申请并发布新版本',
    en: 'The app lacks a permission{scopes}: ask for it under 权限管理 and publish a new version',
  },
  dingPermissionsNone: {
    zh: '系统查不到；缺少时这里会写出缺哪一个',
    en: 'No call tells; a missing one is named here when it is needed',
  },
  dingPermissionsOk: { zh: '用到的权限都有', en: 'All that was needed is there' },
  dingIpNone: {
    zh: '还没有调用过；不限制 IP 的应用不用填',
    en: 'Nothing was called yet; apps without a list need none',
  },
  dingIpOk: { zh: '钉钉认得这台服务器', en: 'DingTalk knows this server' },
  dingLoginNone: {
    zh: '还没有一次登录回来过；从登录页扫码登录一次，回来了就变绿',
    en: 'No log-in has come back yet; log in by QR once and this turns green',
  },
  checkContacts: { zh: '通讯录已同步', en: 'Contacts are synchronised' },
  checkContactsNone: {
    zh: '还没有同步通讯录，按“检查连接”会同步',
    en: 'Contacts have not been synchronised; check the connection to do so',
  },
  checkCallbackOk: { zh: '已收到企业微信的回调', en: 'A callback from WeCom has arrived' },
  rangeNone: {
    zh: '还没有读取可见范围，按“检查连接”或“同步”会读取',
    en: 'The visible range has not been read; check the connection or synchronise to do so',
  },
  rangeBad: { zh: '可见范围没有读到：{reason}', en: 'The visible range could not be read: {reason}' },
  rangeAll: { zh: '所有成员都在范围内', en: 'Every member is inside the range' },
  rangeSome: {
    zh: '{count} 个成员不在范围内，收不到经这个连接发的消息',
    en: '{count} members are outside and get no messages through this connection',
  },
  rangeAdmins: {
    zh: '只对管理员可见，其他成员都收不到消息',
    en: 'Visible to administrators only; nobody else gets messages',
  },
  checkLoginNone: {
    zh: '还没有一次登录回来过，请试一次登录',
    en: 'No log-in has come back yet; try one',
  },
  checkLoginTried: {
    zh: '登录页打开过，还没有回来。页面上写着“redirect_uri 与配置的授权完成回调域名不一致”或错误码 50001，说明企业微信后台“应用详情 → 企业微信授权登录 → Web 网页”里的授权回调域不是 {host}，请改成它再试；不要带 http:// 和路径，端口要一致',
    en: 'The log-in page was opened and nothing came back. If it says that redirect_uri differs from the configured domain, or shows error 50001, the callback domain (授权回调域, under 应用详情 → 企业微信授权登录 → Web 网页 in the WeCom console) is not {host}: enter that, without http:// and path, with the same port, and try again',
  },
  checkLoginBad: {
    zh: '上次试登录没有成功：{reason}',
    en: 'The last trial did not work: {reason}',
  },
  checkLoginOk: { zh: '登录从 {host} 回来过', en: 'A log-in came back through {host}' },
  checkPeopleOk: {
    zh: '已收到人员变动：离职的人立即被请出',
    en: 'Changes of people arrive: whoever leaves is out at once',
  },
  checkPeopleNone: {
    zh: '还没有收到人员变动；离职的人最迟在夜里同步时被请出',
    en: 'No change of people has arrived yet; whoever leaves is out after the nightly synchronisation',
  },
  checkCallbackNone: {
    zh: '还没有收到回调。请在企业微信后台“接收消息”中填写上面的 URL、Token 与 EncodingAESKey 并保存',
    en: 'No callback yet. Enter the URL, token and EncodingAESKey above under 接收消息 in the WeCom console and save',
  },
  dingStreamOk: { zh: 'STREAM 已连接，事件与按钮会送到这里', en: 'The stream is open; events and presses arrive' },
  dingStreamNone: {
    zh: 'STREAM 还没有连上。请在开发者后台“开发配置 → 事件订阅”选择 Stream 模式推送并保存',
    en: 'The stream is not open yet. Choose Stream 模式推送 under 开发配置 → 事件订阅 in the developer console and save',
  },
  dingStreamBad: { zh: 'STREAM 没有连上：{reason}', en: 'The stream does not open: {reason}' },
  dingHttpOk: { zh: '已收到钉钉的回调', en: 'A callback from DingTalk has arrived' },
  dingHttpNone: {
    zh: '还没有收到回调。请在开发者后台“开发配置 → 事件订阅”选择 HTTP 推送，填写下面的地址、签名 token 与加密 aes_key 并保存',
    en: 'No callback yet. Choose HTTP 推送 under 开发配置 → 事件订阅 and enter the URL, token and aes_key below',
  },
  dingTemplateNone: {
    zh: '还没有填写卡片模板 ID；在此之前，卡片以工作通知加待办发出，按钮在页面里处理',
    en: 'No card template yet; until then cards go out as work notices with to-dos, decided on the page',
  },
  dingTemplateSet: {
    zh: '模板 ID 已填写，发一张测试卡片确认',
    en: 'The template is named; send a test card to prove it',
  },
  dingTemplateOk: { zh: '卡片模板可用', en: 'The card template works' },
  externalNone: {
    zh: '还没有试过。先在企业微信后台“客户联系 → 可调用接口的应用”里勾选这个应用',
    en: 'Not tried yet. First tick this app under 客户联系 → 可调用接口的应用 in the WeCom console',
  },
  externalOk: { zh: '可以读取客户联系', en: 'Customers can be read' },
  externalBad: { zh: '读取客户联系没有通过：{reason}', en: 'Customers cannot be read: {reason}' },
  suiteActive: { zh: '企业已授权', en: 'The company has given its consent' },
  suiteCancelled: {
    zh: '企业已取消授权：不再登录、同步与收发消息。重新从应用目录添加后恢复',
    en: 'The company took its consent back; add the app from the directory again to go on',
  },
  suiteCallbackNone: {
    zh: '还没有收到平台推送的事件，有人变动或按下卡片按钮后会变绿',
    en: 'No event has arrived yet; the first change of contacts or press of a button will turn this green',
  },
  suiteCallbackOk: { zh: '事件会送到这里', en: 'Events arrive' },
  licenceTitle: { zh: '接口许可即将到期', en: 'Licences are about to end' },
  licenceDescription: {
    zh: '“{name}”有 {count} 个许可将在 30 天内到期，最早 {date}。到期后这些人不能再登录和收消息，请尽快续期。',
    en: '{count} licences of "{name}" end within 30 days, the first on {date}. Renew them in time.',
  },
  orderTitle: { zh: '应用订购即将到期', en: 'The subscription is about to end' },
  orderDescription: {
    zh: '“{name}”的订购将在 {date} 到期。到期后全公司不能再登录和收消息，请尽快在平台的应用市场续购。',
    en: 'The subscription of "{name}" ends on {date}. Renew it in the platform’s app market in time.',
  },
  licenceWho: { zh: '到期的人', en: 'Whose' },
  licenceCompany: { zh: '全公司', en: 'The whole company' },
  licenceMore: { zh: ' 等，另有 {count} 人', en: ' and {count} more' },
  fateUnknown: { zh: '平台没有应答，会再试', en: 'The platform did not answer; it is tried again' },
  fateDecided: { zh: '发出之前已经处理过了', en: 'It had been decided before' },
  fateNoAccount: {
    zh: '收件人没有聊天账号，只在应用的消息里看得到',
    en: 'No chat account: it is in the app’s own list only',
  },
  fateNoConnection: { zh: '连接已删除', en: 'The connection is gone' },
  fateOutside: {
    zh: '收件人不在应用的可见范围内，或已不在这家企业',
    en: 'The app is not visible to the recipient, or they are no longer in the company',
  },
  fateRecalled: { zh: '发出之前已撤回', en: 'It was taken back before it was sent' },
  fateTakenBack: { zh: '后来撤回了', en: 'It was taken back later' },
  fateInApp: { zh: '收件人设置了报表只在应用里看', en: 'Its reader wants reports in the app only' },
  fateHeld: { zh: '收件人的勿扰时段，结束后发出', en: 'Its reader’s quiet hours; sent when they end' },
  fateMerged: { zh: '和别的消息并成了一条', en: 'As one with other messages' },
  checkCardNone: { zh: '还没有发过测试卡片', en: 'No test card has been sent' },
  checkCardNoAccount: {
    zh: '你的账号在这个连接里还没有对应的人，请确认你在应用的可见范围内，同步后再试',
    en: 'Your account is nobody in this connection yet; make sure the app is visible to you, synchronise and try again',
  },
  checkCardWaiting: {
    zh: '测试卡片已发出，请在手机上按“收到了”',
    en: 'The test card is out; press "Got it" on your phone',
  },
  checkCardFailed: { zh: '测试卡片没有发出：{reason}', en: 'The test card could not be sent: {reason}' },
  groupWelcome: {
    zh: '群已建好。流程的群消息和订阅的报表会发到这里。',
    en: 'The group is ready: messages of flows and reports will arrive here.',
  },
  groupGone: { zh: '建群的连接已删除', en: 'The connection that made the group is gone' },
  checkCardOk: { zh: '测试卡片的按钮已回来', en: 'The button of the test card came back' },
} as const;

export type TextKey = keyof typeof texts;
export type { Language };

/** A sentence in both languages; what is filled in may be in both itself. */
export function both(key: TextKey, params: Record<string, Said | number> = {}): Words {
  const filled = (language: Language) => {
    const told = Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : saidIn(value, language),
    ]);
    return say(key, Object.fromEntries(told), language);
  };
  return { zh: filled('zh'), en: filled('en') };
}

/** A sentence with its `{places}` filled. */
export function say(key: TextKey, params: Record<string, string | number> = {}, language: Language = 'zh'): string {
  return fillMessage(texts[key][language], params);
}

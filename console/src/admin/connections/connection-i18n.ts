import { useTranslation } from 'react-i18next';
import { registerMessages } from '../../i18n/register.js';

const zh = {
  filesHint:
    '企业微信会要求“申请校验域名”：下载 WW_verify_ 开头的文件，传到这里，再回后台点确定。域名的备案主体须与企业主体相同或有关联。',
  filesSaveFirst: '保存连接之后，可以在这里上传域名校验文件。',
  filesUnseen: '还没有校验文件；企业微信后台要求“申请校验域名”时传到这里',
  filesServed: '校验文件打得开',
  filesNotServed: '校验文件打不开：请检查域名的解析，以及前面的反向代理是否把根目录也转到这里',
  filesElsewhere: '校验文件已放好，点“打开看看”确认',
  filesChecking: '正在打开校验文件',
  fileAddress: '校验文件的地址',
  fileOpen: '打开看看',
  fileRemove: '删除',
  fileRemoveAsk: '删除 {{name}}？企业微信以后重新校验时会找不到它。',
  fileUpload: '上传校验文件',
  filePaste: '粘贴文件名和内容',
  fileName: '文件名',
  fileContent: '内容',
  filePut: '放到根目录',
  fileNotOne: '这不是域名校验文件：文件名形如 WW_verify_xxxxxxxxxxxxxxxx.txt，内容是不超过 200 个字符的英文和数字。',
  advanced: '高级',
  advancedSaveFirst: '保存连接之后可以在这里设置。',
  proxy: '出口代理',
  proxyHint: '如果公司只放行固定网关的 IP，让这个连接对平台的所有调用都经网关上的代理出去；可信 IP 填网关的公网 IP。',
  proxyLike: 'http://用户名:密码@主机:端口',
  proxyKept: '不改就不用填；更换时请填完整地址',
  proxyNow: '正在使用 {{proxy}}（密码不显示）',
  proxyNotOne: '地址形如 http://用户名:密码@主机:端口，后面没有路径；密码里的 @ : / % 等要写成 %40 %3A %2F %25。',
  proxySave: '保存代理并检查',
  proxyRemove: '不再使用代理',
  proxyRemoveAsk: '不再使用代理？之后的调用从本服务器直接出去。',
  relay: '登录中转地址',
  relayHint: '授权回调域只能填一个。已经被另一个系统占用时，登录可以从那个系统的域名中转回来；没有这种情况不用填。',
  relayNotOne: '地址须以 https:// 开头，后面不带 ? 和 #，例如 https://oa.example.com/lianke-relay',
  relaySave: '保存中转地址',
  relayRemove: '不再中转',
  relayRemoveAsk: '不再中转？之后登录直接回到联客，授权回调域要填联客的域名。',
  relayRule: '对方 nginx 里加的规则',
  relayOne: '授权回调域保持对方的域名不变；可信域名、接收消息仍按上面的步骤填联客的。',
  relayTwo: '在对方域名上定一个没有用过的路径，例如 /lianke-relay，把完整地址填在这里。',
  relayThree: '请对方的管理员把上面的规则加进这个域名的 nginx，重新加载。',
  relayFour: '登录时，企业微信带着 to、code、state 三个参数打开这个路径。',
  relayFive: '对方只做一件事：把参数原样转到联客的登录回调地址，状态码 302。',
  relaySix: 'to 是联客签过名的回调地址，只对这一次登录有效；改动过或缺少 to，联客都不接受。',
  relaySeven: '对方用程序实现时，跳转的地址要写死，不要跳到 to 里写的任意网站。',
  relayEight: 'state 绑定发起登录的浏览器，code 要用应用的 Secret 才能换出身份；对方看得到，也登录不了。',
  relayNine: '这个路径不能再要求登录、不能跳到 http，也不要把参数记进公开的日志。',
  relayTen: '设好以后扫码登录一次，能登录就是设对了。',
} as const;

const en: Record<keyof typeof zh, string> = {
  filesHint:
    'WeCom asks for proof of the domain (申请校验域名): download the file that begins with WW_verify_, upload it here, then confirm in its console. The domain must be registered (备案) by the company or a related one.',
  filesSaveFirst: 'Once the connection is saved, the file that proves the domain can be uploaded here.',
  filesUnseen: 'No file yet; upload it when the WeCom console asks for proof of the domain',
  filesServed: 'The file can be opened',
  filesNotServed:
    'The file cannot be opened: check that the domain leads here, and that the reverse proxy passes its root on too',
  filesElsewhere: 'The file is in its place; open it to make sure',
  filesChecking: 'Opening the file',
  fileAddress: 'Address of the file',
  fileOpen: 'Open it',
  fileRemove: 'Delete',
  fileRemoveAsk: 'Delete {{name}}? WeCom will not find it when it checks again.',
  fileUpload: 'Upload the file',
  filePaste: 'Paste its name and content',
  fileName: 'File name',
  fileContent: 'Content',
  filePut: 'Put it at the root',
  fileNotOne:
    'This is not a file that proves a domain: its name is like WW_verify_xxxxxxxxxxxxxxxx.txt, and it holds up to 200 letters and digits.',
  advanced: 'Advanced',
  advancedSaveFirst: 'Once the connection is saved, this can be set here.',
  proxy: 'Outbound proxy',
  proxyHint:
    "Where only a fixed gateway's IP is trusted, all calls of this connection to the platform can go through a proxy there; the trusted IP is then the gateway's.",
  proxyLike: 'http://user:password@host:port',
  proxyKept: 'Leave empty to keep it; enter the whole address to change it',
  proxyNow: 'In use: {{proxy}} (the password is not shown)',
  proxyNotOne:
    'An address is like http://user:password@host:port, without a path; in the password @ : / % are written %40 %3A %2F %25.',
  proxySave: 'Save the proxy and check',
  proxyRemove: 'Use no proxy',
  proxyRemoveAsk: 'Use no proxy any more? Calls then leave this server directly.',
  relay: 'Log-in relay',
  relayHint:
    'An app has one callback domain (授权回调域). Where another system owns it, log-ins can come back through that system; otherwise leave this empty.',
  relayNotOne: 'The address begins with https:// and has no ? or #, such as https://oa.example.com/lianke-relay',
  relaySave: 'Save the relay',
  relayRemove: 'Use no relay',
  relayRemoveAsk:
    'Use no relay any more? Log-ins then come straight back, and the callback domain must be that of Lianke.',
  relayRule: "Rule for the other system's nginx",
  relayOne: "The callback domain stays the other system's; trusted domain and messages are set to Lianke as above.",
  relayTwo: 'Choose an unused path on that domain, such as /lianke-relay, and enter the whole address here.',
  relayThree: 'Have its administrator add the rule above to the nginx of that domain and reload.',
  relayFour: 'At a log-in, WeCom opens that path with to, code and state.',
  relayFive: 'The other system does one thing: it passes them on to the callback of Lianke, with status 302.',
  relaySix: 'to is our callback, signed for this one log-in; changed or missing, the log-in is refused.',
  relaySeven: 'A program in its place must have our address written in it, and not go to whatever site to names.',
  relayEight:
    'state is bound to the browser that began, and a code is worth nothing without the secret: the other system sees them and still cannot log in.',
  relayNine: 'The path must not ask for a log-in itself, nor lead over http, nor write its parameters to public logs.',
  relayTen: 'Then log in by QR once: if that works, all is right.',
};
registerMessages('connection', { zh, en });

export type ConnectionText = (key: keyof typeof zh, params?: Record<string, string | number>) => string;

/** Words of what connections have beside their check-lists. */
export function useConnectionText(): ConnectionText {
  return useTranslation('connection').t as ConnectionText;
}

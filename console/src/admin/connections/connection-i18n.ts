import { useTranslation } from 'react-i18next';
import { registerMessages } from '../../i18n/register.js';

const zh = {
  filesHint:
    '企业微信会要求“申请校验域名”：下载 WW_verify_ 开头的文件，传到这里，再回后台点确定。域名的备案主体须与企业主体相同或有关联。',
  filesSaveFirst: '保存连接之后，可以在这里上传域名校验文件。',
  filesUnseen: '还没有校验文件；可信域名系统查不到，扫码能登录就是设对了',
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
  advancedSaveFirst: '保存连接之后，可以在这里设置代理。',
  proxy: '出口代理',
  proxyHint: '如果公司只放行固定网关的 IP，让这个连接对平台的所有调用都经网关上的代理出去；可信 IP 填网关的公网 IP。',
  proxyLike: 'http://用户名:密码@主机:端口',
  proxyKept: '不改就不用填；更换时请填完整地址',
  proxyNow: '正在使用 {{proxy}}（密码不显示）',
  proxyNotOne: '地址形如 http://用户名:密码@主机:端口，后面没有路径；密码里的 @ : / % 等要写成 %40 %3A %2F %25。',
  proxySave: '保存代理并检查',
  proxyRemove: '不再使用代理',
  proxyRemoveAsk: '不再使用代理？之后的调用从本服务器直接出去。',
} as const;

const en: Record<keyof typeof zh, string> = {
  filesHint:
    'WeCom asks for proof of the domain (申请校验域名): download the file that begins with WW_verify_, upload it here, then confirm in its console. The domain must be registered (备案) by the company or a related one.',
  filesSaveFirst: 'Once the connection is saved, the file that proves the domain can be uploaded here.',
  filesUnseen: 'No file yet; the domain cannot be checked from here, logging in by QR shows that it is right',
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
  advancedSaveFirst: 'Once the connection is saved, a proxy can be set here.',
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
};
registerMessages('connection', { zh, en });

export type ConnectionText = (key: keyof typeof zh, params?: Record<string, string | number>) => string;

/** Words of what connections have beside their check-lists. */
export function useConnectionText(): ConnectionText {
  return useTranslation('connection').t as ConnectionText;
}

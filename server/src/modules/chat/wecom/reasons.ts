import { say } from '../texts.js';
import type { WecomError } from './wecom-error.js';

/** What an administrator can do, by error number (WW/90313). */
const advice: Record<number, string> = {
  40001: 'Secret 不对，请到企业微信后台的应用页重新复制',
  40013: '企业 ID 不对，请到企业微信后台“我的企业”复制',
  40056: 'AgentId 不对，请到企业微信后台的应用页复制',
  43012: '应用还没有设置“接收消息”的回调地址，带按钮的卡片发不出去',
  48002: '应用没有调用这个接口的权限',
  50003: '应用已停用，请在企业微信后台启用',
  81013: '接收人不在应用的可见范围内',
  60111: '企业微信里没有这个成员',
  301002: 'AgentId 与 Secret 不是同一个应用的',
};

/** A failure in a sentence for administrators: what it is and how to mend it, with the platform's number. */
export function reasonOf(error: WecomError): string {
  if (error.errcode === 60020) return `${say('checkIp', { ip: error.fromIp ?? '本服务器的公网 IP' })}（60020）`;
  if (error.errcode === null) return `企业微信没有应答（${error.errmsg}）`;
  const known = advice[error.errcode];
  return known ? `${known}（${error.errcode}）` : error.message;
}

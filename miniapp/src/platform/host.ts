export const isH5 = process.env.TARO_ENV === 'h5';
export const isDd = process.env.TARO_ENV === 'dd';
export const isWeapp = process.env.TARO_ENV === 'weapp';

export type ChatHost = 'wecom' | 'dingtalk' | 'browser';

/** The chat app around us: the weapp build runs in WeCom, on h5 the user agent tells. */
export function chatHost(): ChatHost {
  if (isDd) return 'dingtalk';
  if (isWeapp) return 'wecom';
  const agent = navigator.userAgent;
  if (/DingTalk/i.test(agent)) return 'dingtalk';
  return /wxwork/i.test(agent) ? 'wecom' : 'browser';
}

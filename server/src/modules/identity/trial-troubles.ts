import type { Words } from '@lianke/shared/errors/issue-text';
import type { Connection } from '../chat/connection.js';

/**
 * What came between a trial and its end. `settings`: the platform refuses what the connection says, in its own words with
 * what to do; everything else happens on the way there and back.
 */
export type TrialTrouble =
  | { kind: 'settings'; words: Words }
  | { kind: 'visitor' | 'secret' | 'code' | 'noCode' | 'expired' | 'used' | 'otherBrowser' | 'relay' };

/** Ends a trial with a page that says why. */
export class TrialFailed extends Error {
  constructor(
    readonly trouble: TrialTrouble,
    readonly connection: Pick<Connection, 'id' | 'channel'>,
  ) {
    super(`the trial of a log-in failed: ${trouble.kind}`);
    this.name = 'TrialFailed';
  }
}

/** Where the platform's menu shows the app's id and secret. */
const appPage: Record<Connection['channel'], Words> = {
  wecom: {
    zh: '企业微信后台“应用管理”→ 这个应用的页面',
    en: "the WeCom console under 应用管理, on the app's page",
  },
  dingtalk: {
    zh: '钉钉开发者后台“凭证与基础信息”',
    en: "DingTalk's developer console under 凭证与基础信息",
  },
};

type Explained = (place: Words) => { reason: Words; mend: Words };
const again: Words = {
  zh: '回到连接页面，再按一次“试一次登录”。',
  en: 'Go back to the connection and try a log-in again.',
};

const explained: Record<Exclude<TrialTrouble['kind'], 'settings'>, Explained> = {
  visitor: () => ({
    reason: { zh: '这个浏览器没有登录联客，不能试。', en: 'Nobody is logged in to Lianke in this browser.' },
    mend: {
      zh: '先登录这个企业，再从连接页面按“试一次登录”。',
      en: 'Log in to this company first, then try a log-in from the page of the connection.',
    },
  }),
  secret: (place) => ({
    reason: { zh: '这个连接还没有填写 Secret。', en: 'The connection has no secret yet.' },
    mend: {
      zh: `在${place.zh}复制 Secret，填到连接里保存。`,
      en: `Copy the secret from ${place.en}, enter it in the connection and save.`,
    },
  }),
  code: (place) => ({
    reason: {
      zh: '登录回来了，但平台不认带回来的凭据（code）：它只能用一次，5 分钟内有效。',
      en: 'The log-in came back, but the platform does not know its code, which serves once and for five minutes.',
    },
    mend: {
      zh: `再试一次，不要刷新页面。一直这样，请核对连接里的 AgentId 与 Secret 和${place.zh}上的是否一致。`,
      en: `Try again without reloading the page. If that does not help, compare the AgentId and secret of the connection with ${place.en}.`,
    },
  }),
  noCode: () => ({
    reason: {
      zh: '登录页回来了，但没有带回凭据（code），多半是在手机上取消了。',
      en: 'The log-in page came back without a code; most likely it was cancelled on the phone.',
    },
    mend: {
      zh: '再试一次，在手机上确认登录。',
      en: 'Try again and confirm the log-in on the phone.',
    },
  }),
  expired: () => ({
    reason: {
      zh: '这次试登录已经过期：从打开登录页到回来超过了 5 分钟。',
      en: 'This trial has expired: more than five minutes passed between opening the log-in page and coming back.',
    },
    mend: again,
  }),
  used: () => ({
    reason: {
      zh: '这次试登录已经回来过一次，同一个地址不能再用。',
      en: 'This trial has come back before; its address serves once.',
    },
    mend: again,
  }),
  otherBrowser: () => ({
    reason: {
      zh: '登录回到了另一个浏览器，不是按“试一次登录”的那个。',
      en: 'The log-in came back to another browser than the one in which it was begun.',
    },
    mend: {
      zh: '在同一个浏览器里扫码并等页面回来；用的网址要和登录联客时一样。',
      en: 'Scan and wait for the page in the same browser, at the address where you log in to Lianke.',
    },
  }),
  relay: () => ({
    reason: {
      zh: '登录中转没有把收到的参数原样带回来，不能确认是它转来的。',
      en: 'The log-in relay did not give on what it was given, so that nothing shows that it came through it.',
    },
    mend: {
      zh: '在连接页面“设置授权回调域”一步的“登录中转地址”里核对，并检查那台服务器有没有转发 to（或 sig）、code 和 state。',
      en: 'Check the address under "Log-in relay" in the step "Set the callback domain of log-ins" of the connection, and that its server passes on to (or sig), code and state.',
    },
  }),
};

/** What is wrong, and where it is mended; the platform's own words say both. */
export function explainTrouble({ trouble, connection }: TrialFailed): { reason: Words; mend: Words | null } {
  if (trouble.kind === 'settings') return { reason: trouble.words, mend: null };
  return explained[trouble.kind](appPage[connection.channel]);
}

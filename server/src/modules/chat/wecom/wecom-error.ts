import type { Words } from '@lianke/shared/errors/issue-text';
import { numbered, PlatformError, type PlatformFailure } from '../port/platform-error.js';
import { type Language, say } from '../texts.js';

const kinds: Record<number, PlatformFailure> = Object.fromEntries(
  (
    [
      ['refresh', [40014, 42001, 42009, 40082]],
      ['retry', [-1, 45033, 40085]],
      ['throttled', [45009]],
      [
        'config',
        [
          40001, 40013, 40056, 40080, 40083, 40084, 40091, 41002, 41004, 43012, 48002, 48004, 48009, 50003, 60020,
          301002, 42030, 90208,
        ],
      ],
      ['recipient', [81013, 60021, 40003, 50002]],
      ['invisible', [60111, 60011, 46004, 40096, 84061]],
      ['card-gone', [60140, 42014, 42015, 42016, 42052]],
      ['code', [40029, 40077, 40078, 42003, 42007, 42022]],
    ] satisfies [PlatformFailure, number[]][]
  ).flatMap(([kind, codes]) => codes.map((code) => [code, kind])),
);

/** What an administrator can do, by error number (WW/90313). */
const advice: Record<number, Words> = {
  40001: {
    zh: 'Secret 不对，请到企业微信后台的应用页重新复制',
    en: "The secret is wrong: copy it again from the app's page in the WeCom console",
  },
  40013: {
    zh: '企业 ID 不对，请到企业微信后台“我的企业”复制',
    en: 'The corp id is wrong: copy it from 我的企业 in the WeCom console',
  },
  40056: {
    zh: 'AgentId 不对，请到企业微信后台的应用页复制',
    en: "The AgentId is wrong: copy it from the app's page in the WeCom console",
  },
  40080: {
    zh: '第三方应用的 suite_secret 不对，请检查服务器的设置 WECOM_SUITE_SECRET',
    en: "The suite_secret is wrong: check the server's setting WECOM_SUITE_SECRET",
  },
  40083: {
    zh: '第三方应用的 suite_id 不对，请检查服务器的设置 WECOM_SUITE_ID',
    en: "The suite_id is wrong: check the server's setting WECOM_SUITE_ID",
  },
  40084: {
    zh: '企业的授权已失效，请从应用目录重新添加联客',
    en: "The company's consent is no longer valid: add Lianke from the app directory again",
  },
  40085: {
    zh: '平台还没有推送有效的 suite_ticket，请检查第三方应用的指令回调地址，几分钟后再试',
    en: "The platform has pushed no valid suite_ticket yet: check the suite's instruction URL and try again in some minutes",
  },
  48004: {
    zh: '企业已取消对联客的授权，请从应用目录重新添加',
    en: 'The company took its consent back: add Lianke from the app directory again',
  },
  43012: {
    zh: '应用还没有设置“接收消息”的回调地址，带按钮的卡片发不出去',
    en: 'The app has no callback URL under 接收消息 yet; cards with buttons cannot be sent',
  },
  48002: {
    zh: '应用没有调用这个接口的权限；读取客户要在企业微信后台“客户联系 → 可调用接口的应用”里勾选这个应用',
    en: 'The app may not call this interface; to read customers tick it under 客户联系 → 可调用接口的应用 in the WeCom console',
  },
  50003: { zh: '应用已停用，请在企业微信后台启用', en: 'The app is disabled: enable it in the WeCom console' },
  81013: { zh: '接收人不在应用的可见范围内', en: "The recipient is outside the app's visible range" },
  60111: { zh: '企业微信里没有这个成员', en: 'WeCom has no such member' },
  40032: { zh: '群里要有 2 到 2000 人', en: 'A group has 2 to 2,000 people' },
  86001: { zh: '群聊已经不在了', en: 'The group is gone' },
  86003: { zh: '群聊已经不在了，可能被解散', en: 'The group is gone; it may have been dissolved' },
  86004: { zh: '群聊不是这个应用建的，改不了', en: 'The app did not make this group and cannot change it' },
  42030: {
    zh: '小程序没有关联到这个应用，请在企业微信后台的应用页“小程序”里关联，或清空连接里的小程序 AppID',
    en: "The mini-program is not bound to the app: bind it under 小程序 on the app's page in the WeCom console, or clear its AppID in the connection",
  },
  90208: {
    zh: '应用不是这个小程序的应用，请在连接里关掉“用小程序通知”',
    en: "The app is not this mini-program's own: turn the mini-program notices of the connection off",
  },
  301002: {
    zh: 'AgentId 与 Secret 不是同一个应用的，请到企业微信后台“应用管理”打开这个应用，两个一起重新复制',
    en: 'AgentId and secret are of different apps: open the app under 应用管理 in the WeCom console and copy both again',
  },
};
/** The platform's windows end with the minute (A3). */
const throttledSeconds = 60;

/**
 * Our own address as a kept sentence of {@link WecomError.reason} names it (60020); null where it does not name it,
 * undefined where the sentence is about something else.
 */
export function refusedIp(sentence: string): string | null | undefined {
  if (!sentence.includes('（60020）')) return undefined;
  return /\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*(?::[0-9a-fA-F]*){2,}/.exec(sentence)?.[0] ?? null;
}

/** A call that WeCom refused or did not answer. */
export class WecomError extends PlatformError {
  readonly kind: PlatformFailure;
  readonly waitSeconds = throttledSeconds;

  /**
   * @param errcode the platform's number; null when no answer could be read, so that nobody knows what was done
   * @param proxyProblem what is wrong with the connection's proxy, in words for administrators
   */
  constructor(
    readonly errcode: number | null,
    readonly errmsg: string,
    private readonly proxyProblem: Words | null = null,
  ) {
    super(errcode === null ? errmsg : `${errcode} ${errmsg}`);
    this.name = 'WecomError';
    this.kind = errcode === null ? 'retry' : (kinds[errcode] ?? 'other');
  }

  get outside(): boolean {
    return this.errcode === 81013 || this.errcode === 60021 || this.errcode === 50002;
  }

  get unanswered(): boolean {
    return this.errcode === null;
  }

  /** Our own address as the platform saw it, which the administrator must enter as 企业可信IP (60020). */
  get fromIp(): string | null {
    return /from ip: ([0-9a-fA-F.:]+)/.exec(this.errmsg)?.[1] ?? null;
  }

  reason(language: Language = 'zh'): string {
    if (this.errcode === 60020) {
      const ip = this.fromIp ?? say('ownIp', {}, language);
      return numbered(say('checkIp', { ip }, language), this.errcode, language);
    }
    if (this.proxyProblem !== null) return this.proxyProblem[language];
    if (this.errcode === null) return say('wecomSilent', { reason: this.errmsg }, language);
    const known = advice[this.errcode];
    // What follows the platform's few words is for its own support.
    return known ? numbered(known[language], this.errcode, language) : this.message.replace(/,? hint: \[.*$/s, '');
  }
}

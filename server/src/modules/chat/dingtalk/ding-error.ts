import type { Words } from '@lianke/shared/errors/issue-text';
import { numbered, PlatformError, type PlatformFailure } from '../port/platform-error.js';
import { type Language, say } from '../texts.js';

/** Classes of the older numbers and the newer codes (reference B14). */
const classes: [PlatformFailure, (number | string)[]][] = [
  ['refresh', [40014, 42001, 40000, 'InvalidAuthentication', 'AuthenticationFailed.MissingParameter']],
  ['retry', [-1, 'invalidSuiteTicket', 'systemBusy', 'unknownError', 'system.busy', 'todo.taskCreate.lockError']],
  [
    'throttled',
    [
      ...[90018, 90002, 90020, 1111, 'todo.taskCreate.flowControlError'],
      ...[143103, 143104, 143105, 143203, 143204, 143205],
    ],
  ],
  [
    'config',
    [
      ...[40035, 40056, 40089, 40091, 40096, 43008, 60011, 60020],
      ...[
        'invalidClientIdOrSecret',
        'invalidSuiteKey',
        'invalidAuthInfo',
        'authFailed',
        'invalid.client',
        'param.cardTemplateIdInvalid',
      ],
      ...['param.callbackUrlEmpty', 'param.callbackRouteKeyExist', 'invalidParameter.robotCode.invalid'],
    ],
  ],
  ['recipient', [33012, 41052, 1430000, 1430004, 'param.userIdNotExist']],
  ['invisible', [60121, 50002]],
  ['card-gone', ['param.cardNotExist']],
  ['duplicate', ['param.cardAlreadyExist', 143106, 143206]],
  ['code', [40078, 40029, 'invalidParameter.authCode.notFound', 'invalidParameter']],
];
const kinds = new Map(classes.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)));

/** How long each window lasts, in seconds (B13); two seconds where nothing else is known. */
const waits = new Map<number | string, number>([
  [90002, 30],
  [90020, 3600],
  [1111, 300],
  ...[143103, 143104, 143203, 143204].map((code) => [code, 60] as const),
  // Asked again every hour, until the platform's day is over.
  ...[143105, 143205].map((code) => [code, 3600] as const),
]);

const perMinute: Words = {
  zh: '这一分钟的工作通知发得太多，钉钉没有投递，一分钟后自动重发',
  en: 'Too many work notices in this minute: DingTalk held it back, it is sent again after a minute',
};
const perDay: Words = {
  zh: '今天发给这个人的工作通知已到钉钉的上限，到明天会自动重发；可以在“通知设置”里少发一些，或合并成汇总',
  en: "This person has had as many work notices today as DingTalk allows: it is sent again until tomorrow's are free; send fewer, or merge them in the notification settings",
};

/** What an administrator can do. */
const advice: Record<number | string, Words> = {
  40035: {
    zh: '参数不对，请检查 AgentId 与卡片模板',
    en: 'A parameter is wrong: check the AgentId and the card template',
  },
  40056: {
    zh: 'AgentId 不对，请到钉钉开发者后台“凭证与基础信息”复制',
    en: "The AgentId is wrong: copy it from 凭证与基础信息 in DingTalk's developer console",
  },
  40089: {
    zh: 'CorpId 不对，请到钉钉开发者后台首页复制',
    en: "The CorpId is wrong: copy it from the first page of DingTalk's developer console",
  },
  40096: {
    zh: 'AppKey 或 AppSecret 不对，请到钉钉开发者后台“凭证与基础信息”重新复制',
    en: "The AppKey or AppSecret is wrong: copy it again from 凭证与基础信息 in DingTalk's developer console",
  },
  invalidClientIdOrSecret: {
    zh: 'AppKey 或 AppSecret 不对，请到钉钉开发者后台“凭证与基础信息”重新复制',
    en: "The AppKey or AppSecret is wrong: copy it again from 凭证与基础信息 in DingTalk's developer console",
  },
  invalidSuiteKey: {
    zh: '第三方应用的 SuiteKey 或 SuiteSecret 不对，请检查服务器的设置',
    en: "The SuiteKey or SuiteSecret is wrong: check the server's settings",
  },
  invalidSuiteTicket: {
    zh: '平台还没有推送有效的 suite_ticket，请检查第三方应用的推送地址，稍后再试',
    en: "The platform has pushed no valid suite_ticket yet: check the suite's push URL and try again later",
  },
  invalidAuthInfo: {
    zh: '企业已取消对联客的授权，请从应用目录重新添加',
    en: 'The company took its consent back: add Lianke from the app directory again',
  },
  authFailed: {
    zh: 'AppKey 或 AppSecret 不对，请到钉钉开发者后台“凭证与基础信息”重新复制',
    en: "The AppKey or AppSecret is wrong: copy it again from 凭证与基础信息 in DingTalk's developer console",
  },
  'param.cardTemplateIdInvalid': {
    zh: '没有这个卡片模板，请在卡片平台发布后复制模板 ID',
    en: 'There is no such card template: publish it on the card platform and copy its id',
  },
  90020: { zh: '本月的接口调用次数已经用完', en: "This month's calls are used up" },
  143103: perMinute,
  143104: perMinute,
  143203: perMinute,
  143204: perMinute,
  143105: perDay,
  143205: perDay,
  1430000: { zh: '钉钉没有找到接收的人', en: 'DingTalk found nobody to give it to' },
  1430002: {
    zh: '内容被钉钉拦下，请去掉其中的敏感词或可疑的网址',
    en: 'DingTalk held the words back: take out what it may find unsafe, or a doubtful address',
  },
  1430004: {
    zh: '这个人开启了高管保护，应用不能给他发通知，请他在钉钉里放开，或改用别的渠道',
    en: 'This person is under executive protection: ask him to let the app through in DingTalk, or use another channel',
  },
  'param.contentUnsafe': {
    zh: '卡片内容被钉钉拦下，请去掉其中的敏感词或可疑的网址',
    en: "DingTalk held the card's words back: take out what it may find unsafe, or a doubtful address",
  },
};

/**
 * Our own address as a kept sentence of {@link DingError.reason} names it; null where it does not name it, undefined where
 * the sentence is about something else.
 */
export function refusedIp(sentence: string): string | null | undefined {
  if (!/（(?:60020|[\w.]*IpNotInWhiteList)）/.test(sentence)) return undefined;
  return /\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*(?::[0-9a-fA-F]*){2,}/.exec(sentence)?.[0] ?? null;
}

/** A call that DingTalk refused or did not answer. */
export class DingError extends PlatformError {
  readonly kind: PlatformFailure;
  readonly waitSeconds: number;

  /**
   * @param code the older interface's number or the newer one's word; null when no answer could be read
   * @param scopes permissions that the app lacks, as the platform names them
   * @param proxyProblem what is wrong with the connection's proxy, in words for administrators
   */
  constructor(
    readonly code: number | string | null,
    readonly text: string,
    readonly scopes: readonly string[] = [],
    private readonly proxyProblem: Words | null = null,
  ) {
    super(code === null ? text : `${code} ${text}`);
    this.name = 'DingError';
    this.kind = code === null ? 'retry' : kindOf(code);
    this.waitSeconds = waits.get(code ?? '') ?? (/ApiCountLimit/.test(String(code)) ? 3600 : 2);
  }

  get outside(): boolean {
    return this.code === 50002 || this.code === 'param.userIdNotExist';
  }

  get unanswered(): boolean {
    return this.code === null;
  }

  reason(language: Language = 'zh'): string {
    if (this.proxyProblem !== null) return this.proxyProblem[language];
    if (this.code === null) return say('dingSilent', { reason: this.text }, language);
    if (this.code === 60020 || /IpNotInWhiteList/.test(String(this.code))) {
      const ip = /request ip=([0-9a-fA-F.:]+)/.exec(this.text)?.[1] ?? say('ownIp', {}, language);
      return numbered(say('dingIp', { ip }, language), this.code, language);
    }
    if (this.code === 60011 || /PermissionDenied/.test(String(this.code))) {
      const scopes = this.scopes.join(language === 'zh' ? '、' : ', ');
      return numbered(say('dingPermission', { scopes: scopes && ` ${scopes}` }, language), this.code, language);
    }
    const known = advice[this.code];
    return known ? numbered(known[language], this.code, language) : this.message;
  }
}

function kindOf(code: number | string): PlatformFailure {
  const known = kinds.get(code);
  if (known) return known;
  if (typeof code === 'number') return 'other';
  if (/(Qps|Qpm)Limit|ApiCountLimit/.test(code)) return 'throttled';
  if (/PermissionDenied|IpNotInWhiteList/.test(code)) return 'config';
  return /systemError$|\.busy$/.test(code) ? 'retry' : 'other';
}

import { PlatformError, type PlatformFailure } from '../port/platform-error.js';

/** Classes of the older numbers and the newer codes (reference B14). */
const classes: [PlatformFailure, (number | string)[]][] = [
  ['refresh', [40014, 42001, 40000, 'InvalidAuthentication', 'AuthenticationFailed.MissingParameter']],
  ['retry', [-1, 'invalidSuiteTicket', 'systemBusy', 'unknownError', 'system.busy', 'todo.taskCreate.lockError']],
  ['throttled', [90018, 90002, 90020, 1111, 'todo.taskCreate.flowControlError']],
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
  ['recipient', [33012, 41052, 'param.userIdNotExist']],
  ['invisible', [60121, 50002]],
  ['card-gone', ['param.cardNotExist']],
  ['duplicate', ['param.cardAlreadyExist']],
  ['code', [40078, 40029, 'invalidParameter.authCode.notFound', 'invalidParameter']],
];
const kinds = new Map(classes.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)));

/** How long each window lasts, in seconds (B13); two seconds where nothing else is known. */
const waits = new Map<number | string, number>([
  [90002, 30],
  [90020, 3600],
  [1111, 300],
]);

/** What an administrator can do. */
const advice: Record<number | string, string> = {
  40035: '参数不对，请检查 AgentId 与卡片模板',
  40056: 'AgentId 不对，请到钉钉开发者后台“凭证与基础信息”复制',
  40089: 'CorpId 不对，请到钉钉开发者后台首页复制',
  40096: 'AppKey 或 AppSecret 不对，请到钉钉开发者后台“凭证与基础信息”重新复制',
  invalidClientIdOrSecret: 'AppKey 或 AppSecret 不对，请到钉钉开发者后台“凭证与基础信息”重新复制',
  invalidSuiteKey: '第三方应用的 SuiteKey 或 SuiteSecret 不对，请检查服务器的设置',
  invalidSuiteTicket: '平台还没有推送有效的 suite_ticket，请检查第三方应用的推送地址，稍后再试',
  invalidAuthInfo: '企业已取消对联客的授权，请从应用目录重新添加',
  authFailed: 'AppKey 或 AppSecret 不对，请到钉钉开发者后台“凭证与基础信息”重新复制',
  'param.cardTemplateIdInvalid': '没有这个卡片模板，请在卡片平台发布后复制模板 ID',
  90020: '本月的接口调用次数已经用完',
};

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
    private readonly proxyProblem: string | null = null,
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

  reason(): string {
    if (this.proxyProblem !== null) return this.proxyProblem;
    if (this.code === null) return `钉钉没有应答（${this.text}）`;
    if (this.code === 60020 || /IpNotInWhiteList/.test(String(this.code))) {
      const ip = /request ip=([0-9a-fA-F.:]+)/.exec(this.text)?.[1] ?? '本服务器的公网 IP';
      return `请在钉钉开发者后台“安全设置”把 ${ip} 加入服务器出口 IP（${this.code}）`;
    }
    if (this.code === 60011 || /PermissionDenied/.test(String(this.code))) {
      return `应用缺少权限${this.scopes.length > 0 ? ` ${this.scopes.join('、')}` : ''}，请在“权限管理”申请并发布新版本（${this.code}）`;
    }
    const known = advice[this.code];
    return known ? `${known}（${this.code}）` : this.message;
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

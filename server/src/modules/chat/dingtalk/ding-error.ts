import type { Words } from '@lianke/shared/errors/issue-text';
import { numbered, PlatformError, type PlatformFailure } from '../port/platform-error.js';
import { type Language, say } from '../texts.js';
import { dingAdvice } from './advice-words.js';

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
      ...[33001, 34012, 40035, 40056, 40089, 40091, 40096, 43008, 52019, 60011, 60020],
      ...[853001, 853002, 853003, 853004, 900005],
      ...[
        'invalidClientIdOrSecret',
        'invalidSuiteKey',
        'invalidAuthInfo',
        'authFailed',
        'invalid.client',
        'unauthorized.client',
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
    const known = dingAdvice(this.code);
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

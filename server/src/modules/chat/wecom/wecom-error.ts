import type { Words } from '@lianke/shared/errors/issue-text';
import { numbered, PlatformError, type PlatformFailure } from '../port/platform-error.js';
import { type Language, say } from '../texts.js';
import { wecomAdvice } from './advice-words.js';

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
    // What follows the platform's few words is for its own support.
    const own = this.errmsg.replace(/,? hint: \[.*$/s, '');
    const known = wecomAdvice(this.errcode);
    if (!known) return `${this.errcode} ${own}`;
    return numbered(known[language], known.detailed ? `${this.errcode} ${own}`.trim() : this.errcode, language);
  }
}

/** What to do about a failure (reference A17). */
export type WecomFailure =
  /** The token is bad: fetch another one and repeat once. */
  | 'refresh'
  /** The platform is busy or did not answer: repeat later. `unknown` results count here too. */
  | 'retry'
  /** Too many calls: wait for the window to end. */
  | 'throttled'
  /** Something in the connection's settings must be mended by an administrator. */
  | 'config'
  /** This person cannot be reached. */
  | 'recipient'
  /** The card can no longer be changed. */
  | 'card-gone'
  /** A log-in code that is unknown, used or too old. */
  | 'code'
  | 'other';

const kinds: Record<number, WecomFailure> = Object.fromEntries(
  (
    [
      ['refresh', [40014, 42001, 42009, 40082]],
      ['retry', [-1, 45033]],
      ['throttled', [45009]],
      ['config', [40001, 40013, 40056, 40091, 41002, 41004, 43012, 48002, 48004, 48009, 50003, 60020, 301002]],
      ['recipient', [60111, 81013, 60021, 40003, 50002]],
      ['card-gone', [60140, 42014, 42015, 42016, 42052]],
      ['code', [40029, 42003, 42022]],
    ] satisfies [WecomFailure, number[]][]
  ).flatMap(([kind, codes]) => codes.map((code) => [code, kind])),
);

/** A call that WeCom refused or did not answer. The message never holds a token or an address with one. */
export class WecomError extends Error {
  readonly kind: WecomFailure;

  /** @param errcode the platform's number; null when no answer could be read, so that nobody knows what was done */
  constructor(
    readonly errcode: number | null,
    readonly errmsg: string,
  ) {
    super(errcode === null ? errmsg : `${errcode} ${errmsg}`);
    this.name = 'WecomError';
    this.kind = errcode === null ? 'retry' : (kinds[errcode] ?? 'other');
  }

  /** Our own address as the platform saw it, which the administrator must enter as 企业可信IP (60020). */
  get fromIp(): string | null {
    return /from ip: ([0-9a-fA-F.:]+)/.exec(this.errmsg)?.[1] ?? null;
  }
}

import type { Words } from '@lianke/shared/errors/issue-text';
import { type AppError, refusal } from '../../../kernel/errors/app-error.js';
import type { Language } from '../texts.js';

/** What to do about a failure, whatever the platform calls it (reference A17, B14). */
export type PlatformFailure =
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
  /** This very thing was sent before: our own key came back. */
  | 'duplicate'
  /** A log-in code that is unknown, used or too old. */
  | 'code'
  /** The person or department is not there, or not for this app to see. */
  | 'invisible'
  | 'other';

/** A sentence with the platform's number behind it. */
export function numbered(text: string, code: number | string, language: Language): string {
  return language === 'zh' ? `${text}（${code}）` : `${text} (${code})`;
}

/** A call that a platform refused or did not answer. The message never holds a token or an address with one. */
export abstract class PlatformError extends Error {
  abstract readonly kind: PlatformFailure;
  /** No answer could be read, so that nobody knows what was done. */
  abstract readonly unanswered: boolean;
  /** How long a throttled caller waits, in seconds. */
  abstract readonly waitSeconds: number;

  /** The person is there, as far as we know, but the app is not for him: outside of its visible range, or gone. */
  abstract readonly outside: boolean;

  /** The failure in a sentence for administrators: what it is and how to mend it. */
  abstract reason(language?: Language): string;

  /** The same in both languages, to be kept. */
  words(): Words {
    return { zh: this.reason('zh'), en: this.reason('en') };
  }
}

const englishNames: Record<string, string> = { 企业微信: 'WeCom', 钉钉: 'DingTalk' };

/** The refusal of what a platform did not do, `channel` being what it is called in Chinese. */
export function channelFailed(channel: string, words: Words): AppError {
  return refusal('channel_failed', words, { channel }, { english: { channel: englishNames[channel] ?? channel } });
}

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock/clock.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import type { SecretBox } from '../../kernel/secrets/secret-box.js';
import { CLOCK, RATE_LIMITER, SECRETS } from '../../kernel/tokens.js';
import { makeCaptcha } from './captcha.js';

const minute = 60_000;
const captchaMs = 10 * minute;
const passMs = 12 * 60 * minute;
const sealedCaptcha = z.object({ answer: z.string(), mark: z.string(), until: z.number() });
const sealedPass = z.object({ lock: z.string(), until: z.number() });

/** What a visitor carries between calls, encrypted so that nothing has to be kept for him: captchas and passes. */
@Injectable()
export class PublicSeal {
  constructor(
    @Inject(SECRETS) private readonly secrets: SecretBox,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  captcha(linkId: string): { key: string; svg: string } {
    const { svg, answer } = makeCaptcha();
    const until = this.clock.now().getTime() + captchaMs;
    return { svg, key: this.secrets.encrypt(JSON.stringify({ answer, mark: uuid7(), until }), `captcha:${linkId}`) };
  }

  /** True for the right answer, once. */
  async solved(linkId: string, given: { key: string; answer: string } | undefined): Promise<boolean> {
    const captcha = given && this.open(given.key, `captcha:${linkId}`, sealedCaptcha);
    if (!captcha || captcha.until < this.clock.now().getTime()) return false;
    const { allowed } = await this.limiter.take(`captcha:${captcha.mark}`, { limit: 1, windowMs: 2 * captchaMs });
    return allowed && given.answer.trim() === captcha.answer;
  }

  /** A proof that the password was right; it ends with the password. */
  pass(linkId: string, passwordHash: string): string {
    const until = this.clock.now().getTime() + passMs;
    return this.secrets.encrypt(JSON.stringify({ lock: this.lock(passwordHash), until }), `pass:${linkId}`);
  }

  passed(linkId: string, passwordHash: string, given: string | undefined): boolean {
    const pass = given ? this.open(given, `pass:${linkId}`, sealedPass) : undefined;
    return pass !== undefined && pass.lock === this.lock(passwordHash) && pass.until >= this.clock.now().getTime();
  }

  /** What stands for a browser or an address in our tables. */
  mark(kind: 'visitor' | 'address', value: string): string {
    return this.secrets.hash(`public-${kind}`, value).slice(0, 32);
  }

  private lock(passwordHash: string): string {
    return this.secrets.hash('public-pass', passwordHash).slice(0, 16);
  }

  private open<T>(sealed: string, context: string, shape: z.ZodType<T>): T | undefined {
    try {
      return shape.parse(JSON.parse(this.secrets.decrypt(sealed, context)));
    } catch {
      return undefined;
    }
  }
}

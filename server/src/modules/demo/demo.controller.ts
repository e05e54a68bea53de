import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { AccessService } from '../../engine/access/access.service.js';
import { type Clock, ShiftedClock } from '../../kernel/clock/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Call, Open, type OpenCall, Route, type RouteCall } from '../../kernel/http/route.js';
import { CLOCK, CONFIG } from '../../kernel/tokens.js';
import { DemoProgress } from './demo-progress.js';
import { DemoReset } from './demo-reset.js';

const advanceBody = z.object({
  ms: z
    .number()
    .int()
    .min(1)
    .max(366 * 86_400_000),
});

/** The demonstration's own routes; they do not exist outside of sandbox mode. */
@Controller()
export class DemoController {
  constructor(
    private readonly progress: DemoProgress,
    private readonly resets: DemoReset,
    private readonly access: AccessService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Route('demo.progress')
  async steps(@Call() call: OpenCall<'demo.progress'>): Promise<AnswerOf<'demo.progress'>> {
    this.requireSandbox();
    return { steps: await this.progress.steps(languageOf(call.request)) };
  }

  /** Opening the rows behind a dashboard's mark leaves nothing in the data: the console says that it happened. */
  @Route('demo.drilled')
  async drilled(@Call() _call: RouteCall<'demo.drilled'>): Promise<AnswerOf<'demo.drilled'>> {
    this.requireSandbox();
    this.progress.drilled = true;
    return { ok: true };
  }

  /** 清空我的企业，重来 */
  @Route('demo.reset')
  async reset(@Call() call: RouteCall<'demo.reset'>): Promise<AnswerOf<'demo.reset'>> {
    this.requireSandbox();
    await this.access.require(call.ctx, 'admin');
    await this.resets.reset(call.ctx.tenantId);
    return { ok: true };
  }

  /** 快进: business time of the whole server moves forward together with the sandbox's. */
  @Open()
  @Post('/api/v1/demo/clock/advance')
  advance(@Body() body: unknown): { now: string } {
    this.requireSandbox();
    const parsed = advanceBody.safeParse(body);
    if (!parsed.success || !(this.clock instanceof ShiftedClock))
      throw refusal('invalid_request', {
        zh: 'ms 须是正整数，单位毫秒',
        en: 'ms must be a whole number of milliseconds above zero',
      });
    this.clock.advance(parsed.data.ms);
    return { now: this.clock.now().toISOString() };
  }

  private requireSandbox(): void {
    if (!this.config.sandbox) throw new AppError('not_found');
  }
}

import type { Words } from '@lianke/shared/errors/issue-text';
import type { TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import { Notifier } from '../ports.js';

/** What cards of tasks say that the engine itself put in order. */
export const mendedTexts = {
  ended: { zh: '流程已结束，无需处理', en: 'Flow ended; nothing to do' },
  mended: { zh: '流程已修复', en: 'Flow mended' },
} as const;
const wentOn: Words = { zh: '流程已继续，无需处理', en: 'Flow went on; nothing to do' };

/** Cards of tasks that nobody has to answer any more say so. */
@Injectable()
export class CardCloser {
  constructor(private readonly notifier: Notifier) {}

  /** For `RunPlaces`: paths cut off by a join, a return or the end of the run take their tasks with them. */
  in(tx: Tx, ctx: TenantContext, outcome = wentOn): (tasks: TaskId[]) => Promise<void> {
    return async (tasks) => {
      for (const id of tasks) await this.notifier.update(tx, ctx, { about: { kind: 'task', id }, outcome, by: null });
    };
  }
}

import type { CardWords } from '@lianke/shared/chat/cards';
import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { TenantContext } from '../context.js';

/** How a card comes again until its task is done: 本人, and at the end 上级. */
export interface ReminderPlan {
  everyMinutes: number;
  times: number;
  manager: boolean;
}

/** Begins (or begins anew) to remind members of a task record, in the transaction of the first card. */
export async function planReminders(
  tx: Tx,
  ctx: TenantContext,
  reminding: { formId: FormId; recordId: RecordId; members: readonly MemberId[]; card: CardWords },
  plan: ReminderPlan,
  now: Date,
): Promise<void> {
  const { formId, recordId, members, card } = reminding;
  for (const member of members)
    await tx.run(
      `INSERT INTO lianke.reminder (tenant_id, id, form_id, record_id, member_id, card, due_at, times, every_minutes, manager)
       VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
       ON CONFLICT (tenant_id, record_id, member_id) DO UPDATE SET card = excluded.card, due_at = excluded.due_at, sent = 0,
         times = excluded.times, every_minutes = excluded.every_minutes, manager = excluded.manager`,
      [
        ...[ctx.tenantId, uuid7(), formId, recordId, member, { ...card } as never],
        ...[new Date(now.getTime() + plan.everyMinutes * 60_000), plan.times, plan.everyMinutes, plan.manager],
      ],
    );
}

/** Buttons of a card about a task record. */
export function taskButtons(formId: FormId, recordId: RecordId): CardWords['buttons'] {
  return [
    { text: { zh: '完成', en: 'Done' }, action: `complete:${formId}:${recordId}`, style: 'primary' },
    { text: { zh: '稍后', en: 'Later' }, action: `later:${formId}:${recordId}`, style: 'default' },
  ];
}

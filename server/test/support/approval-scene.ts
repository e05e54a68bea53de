import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { approvalSettings } from '@lianke/shared/flows/nodes/approval';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll } from 'vitest';
import { type Approval, ApprovalApp, approvalNode } from './approval-app.js';

/** The flow with rules of approvals other than the usual ones. */
export const ruled = (definition: FlowDefinition, part: Record<string, unknown>): FlowDefinition => ({
  ...definition,
  approval: approvalSettings.parse(part),
});

/**
 * What every file about approvals starts from: the company, its four colleagues, and short words for what they do. To be
 * awaited once at the top of a file; the company is closed after the file's last test.
 */
export async function approvalScene() {
  const app = await ApprovalApp.start();
  afterAll(() => app.whole.close());
  const [a, b, c, d] = app.people as [MemberId, MemberId, MemberId, MemberId];
  return {
    ...{ app, a, b, c, d },
    act: app.act.bind(app),
    ok: app.ok.bind(app),
    waiting: app.waiting.bind(app),
    /** One approval, of 甲 unless said otherwise. */
    one: (more: Partial<Approval> = {}, ids = [a]) => app.chain(approvalNode('ok', ids, more)),
    /** Two approvals, one after the other. */
    two: (first: MemberId[], second: MemberId[], more: Partial<Approval> = {}) =>
      app.chain(approvalNode('n1', first, more), approvalNode('n2', second, more)),
    /** The page of somebody's newest task of a record. */
    detail: async (record: RecordId, who: MemberId) => {
      const [task] = (await app.tasks(record)).filter((item) => item.member_id === who).slice(-1);
      return (await app.as(who, 'GET', `/api/v1/tasks/${task?.id}`, undefined)).json;
    },
    fieldOf: (key: string) => app.contracts.fields.find((field) => field.key === key)?.id as string,
    /** Time goes on by so many milliseconds, and whatever is due is done. */
    later: async (ms: number) => {
      app.whole.kernel.clock.advance(ms);
      await app.drain();
    },
  };
}

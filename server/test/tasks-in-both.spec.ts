import type { MemberId, RecordId, TaskId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { approvalNode } from './support/approval-app.js';
import { approvalScene } from './support/approval-scene.js';
import { pdfPages } from './support/pdf-text.js';

// What flows and approvers keep with a task is read in the language of whoever opens it, however it came to him.
const { app, a, b, c, ok, one } = await approvalScene();
const en = { 'accept-language': 'en' };

async function call(who: MemberId, method: string, url: string, headers: Record<string, string> = {}, body?: unknown) {
  const account = await app.whole.account(app.admin.tenantId, who);
  const answer = await account.call(method, url, body, headers);
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.text}`);
  return answer.json;
}
/** What somebody's page of a task says: in Chinese, in English. */
const both = async (who: MemberId, task: TaskId, what: (detail: never) => unknown) => [
  what((await call(who, 'GET', `/api/v1/tasks/${task}`)) as never),
  what((await call(who, 'GET', `/api/v1/tasks/${task}`, en)) as never),
];
const titled = { title: { kind: 'literal' as const, value: ['合同', true] } };

describe('a title made of values', () => {
  it('is read in the reader’s language after it was handed over, in lists and on copies too', async () => {
    await app.with(one(titled), async () => {
      const record = await app.submit('标题');
      await ok(record, a, 'transfer', { to: b });
      const task = await app.taskOf(record, b);
      expect(await both(b, task, (detail: { title: string }) => detail.title)).toEqual(['合同、是', '合同, Yes']);
      const list = await call(b, 'GET', '/api/v1/tasks', en);
      expect(titles(list)).toContain('合同, Yes');
      const started = await call(app.admin.memberId, 'GET', '/api/v1/runs', en);
      expect(titles(started)).toContain('合同, Yes');
      expect(titles(await call(app.admin.memberId, 'GET', '/api/v1/runs'))).toContain('合同、是');
      await call(b, 'POST', `/api/v1/tasks/${task}/copy`, {}, { to: [c] });
      expect(titles(await call(c, 'GET', '/api/v1/copies', en))).toContain('合同, Yes');
      expect(titles(await call(c, 'GET', '/api/v1/copies'))).toContain('合同、是');
      await ok(record, b, 'approve');
    });
  });
});

it('why a consent was taken back is said in the reader’s language around what was written', async () => {
  await app.with(app.chain(approvalNode('n1', [a]), approvalNode('n2', [b])), async () => {
    const record = await app.submit('撤回');
    const task = await app.taskOf(record, a);
    await ok(record, a, 'approve');
    await call(a, 'POST', `/api/v1/tasks/${task}/recall`, en, { comment: '金额写错了' });
    const told = (detail: { progress: { task: string; comment: string }[] }) =>
      detail.progress.find((entry) => entry.task === task)?.comment;
    expect(await both(a, task, told)).toEqual(['撤回同意：金额写错了', 'Consent taken back: 金额写错了']);
    await ok(record, a, 'approve', { comment: '好了' });
    expect(await both(a, task, told)).toEqual(['好了', '好了']);
  });
});

it('who has to choose the approvers is asked in his language', async () => {
  const chosen = { ...approvalNode('n1', []), approvers: [{ kind: 'choice' as const, from: [b, c] }] };
  await app.with(app.chain(chosen), async () => {
    const record: RecordId = await app.submit('自选');
    const task = await app.taskOf(record, app.admin.memberId);
    const question = (detail: { question: string }) => detail.question;
    expect(await both(app.admin.memberId, task, question)).toEqual([
      '请选择“审批 n1”由谁审批',
      'Choose who decides on "审批 n1"',
    ]);
  });
});

function titles(page: { items: { title: string }[] }): string[] {
  return page.items.map(({ title }) => title);
}

describe('an approval on paper', () => {
  it('is English for a reader of English but for names and what was typed, and Chinese for others', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('Paper');
      await ok(record, a, 'transfer', { to: b, comment: 'over to you' });
      const task = await app.taskOf(record, b);
      await ok(record, b, 'approve', { comment: 'fine' });
      const pages = async (path: string, headers: Record<string, string> = {}) => {
        const account = await app.whole.account(app.admin.tenantId, b);
        const { bytes } = await account.call('GET', path, undefined, headers);
        return pdfPages(bytes).flatMap(({ texts }) => texts.map(({ text }) => text));
      };
      const approval = await pages(`/api/v1/tasks/${task}/print`, en);
      expect(approval).toEqual(
        expect.arrayContaining(['Approval record', 'Step', 'Handed over', 'to 乙', 'Approved', 'over to you', 'fine']),
      );
      expect(approval.join(' ')).toMatch(/Started by 甲公司管理员 on 2026-/);
      expect(approval.join(' ')).toMatch(/Printed by 乙 on .* Page +1 +of +1/);
      const names = /甲公司管理员|甲公司|合同审批|审批 ok|甲|乙/g;
      expect(approval.join(' ').replace(names, '')).not.toMatch(/\p{Script=Han}/u);
      const chinese = await pages(`/api/v1/tasks/${task}/print`);
      expect(chinese).toEqual(expect.arrayContaining(['审批记录', '步骤', '转交给 乙', '同意', 'over to you']));
      const paper = await pages(`/api/v1/forms/${app.contracts.id}/records/${record}/print?format=pdf`, en);
      expect(paper.join(' ').replace(/合同/g, '').replace(names, '')).not.toMatch(/\p{Script=Han}/u);
      expect(paper).toEqual(expect.arrayContaining(['Owner', 'Created by']));
    });
  });
});

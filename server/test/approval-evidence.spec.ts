import type { FlowNode } from '@lianke/shared/flows/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { describe, expect, it } from 'vitest';
import { OrgService } from '../src/engine/org/org.service.js';
import { CardActions } from '../src/engine/ports.js';
import { approvalScene, ruled } from './support/approval-scene.js';

// What an approval lets be seen and changed, and what it leaves behind.
const { app, a, b, c, d, act, ok, one, detail, fieldOf } = await approvalScene();

describe('字段权限、锁定与证据', () => {
  it('only what the node lets edit is written, what it requires must be there, a crafted request is refused', async () => {
    const definition = one({ fields: { [fieldOf('name')]: 'required' } });
    await app.with(definition, async () => {
      const record = await app.submit('字段');
      const crafted = await act(record, a, 'approve', { values: { state: 'yes' } });
      expect([crafted.status, crafted.json.code]).toEqual([400, 'validation_failed']);
      expect((await act(record, a, 'approve', { values: { name: '' } })).status).toBe(400);
      await ok(record, a, 'approve', { values: { name: '改过' } });
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('a signature or a comment that is demanded is not done in bulk: it is left, with the reason', async () => {
    await app.with(one({ signature: true }), async () => {
      const record = await app.submit('签名');
      const id = await app.taskOf(record, a);
      const answer = await app.as(a, 'POST', '/api/v1/tasks/approve', { ids: [id] });
      expect(answer.json.done).toEqual([]);
      expect(answer.json.left[0].reason).toContain('需要手写签名');
      const [card] = await app.sql<{ card: { buttons: { text: string; opens: boolean }[] } }>(
        'SELECT card FROM lianke.message WHERE about_id = $1',
        [id],
      );
      expect(card?.card.buttons).toMatchObject([{ text: '去处理', opens: true }]);
    });
    await app.with(one({ commentOnReject: true }), async () => {
      const record = await app.submit('写理由');
      const [card] = await app.sql<{ card: { buttons: { text: string; opens?: boolean }[] } }>(
        'SELECT card FROM lianke.message WHERE about_id = $1',
        [await app.taskOf(record, a)],
      );
      expect(card?.card.buttons.map((button) => [button.text, button.opens ?? false])).toEqual([
        ['同意', false],
        ['写理由拒绝', true],
      ]);
    });
    await app.with(one(), async () => {
      const records = [await app.submit('批一'), await app.submit('批二')];
      const ids = await Promise.all(records.map((record) => app.taskOf(record, a)));
      expect((await app.as(a, 'POST', '/api/v1/tasks/approve', { ids })).json).toEqual({ done: ids, left: [] });
    });
  });

  it.each([
    ['price', '价格需要再谈', 'Discuss the price'],
    ['none', null, null],
    ['made up', null, null],
  ])(
    'a refusal in the chat carries the reason chosen on the card, for each reader in his language: %s',
    async (id, zh, en) => {
      await app.with(one(), async () => {
        const record = await app.submit('卡片上拒绝');
        const task = await app.taskOf(record, a);
        const [message] = await app.sql<{ id: string; card: { choice: { key: string } } }>(
          'SELECT id, card FROM lianke.message WHERE about_id = $1',
          [task],
        );
        const key = message?.card.choice.key ?? '';
        await app.whole.get(CardActions).handle(await app.ctx(a), {
          messageId: message?.id ?? '',
          action: `reject:${task}`,
          memberId: a,
          chosen: { [key]: id },
          raw: null,
          responseCode: '',
          about: { kind: 'task', id: task },
        });
        const account = await app.whole.account(app.admin.tenantId, a);
        const told = async (language: string) => {
          const { json } = await account.call('GET', `/api/v1/tasks/${task}`, undefined, {
            'accept-language': language,
          });
          const own = json.progress.find((entry: { task: string }) => entry.task === task);
          return [json.state, own.comment];
        };
        expect([await told('zh'), await told('en')]).toEqual([
          ['rejected', zh],
          ['rejected', en],
        ]);
      });
    },
  );

  it('the record is locked while pending, unlocked with a reason, and flagged when it is changed after', async () => {
    const writer = (record: RecordId, name: string) =>
      app.admin.call('PATCH', `/api/v1/forms/${app.contracts.id}/records/${record}`, { values: { name } });
    await app.with(ruled(one(), { lock: 'all' }), async () => {
      const record = await app.submit('锁定');
      const locked = await writer(record, '偷改');
      expect([locked.status, locked.json.code]).toEqual([409, 'record_locked']);
      const [task] = await app.tasks(record);
      const url = `/api/v1/forms/${app.contracts.id}/records/${record}/approvals`;
      const [open] = (await app.as(a, 'GET', url, undefined)).json.items;
      expect(open).toMatchObject({ state: 'open', locked: 'all', mayUnlock: true, taskId: task?.id });
      expect(open.waiting).toEqual([{ id: a, label: expect.any(String), since: expect.stringMatching(/Z$/) }]);
      expect(open.starter).not.toBeNull();
      const of = { tenantId: app.admin.tenantId };
      const forms = { [app.contracts.id]: { actions: ['view'], scope: 'all' } };
      const org = app.whole.get(OrgService);
      const roleId = await org.createRole(of, { name: '只看', permissions: rolePermissions.parse({ forms }) });
      const reader = await org.createMember(of, { name: '戊', roleIds: [roleId] });
      expect((await app.as(reader, 'GET', url, undefined)).json.items[0]).toMatchObject({ mayUnlock: false });
      const away = { member: a, to: reader, from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z', flowIds: [] };
      const made = await app.admin.call('POST', '/api/v1/aways', away);
      expect((await app.as(reader, 'GET', url, undefined)).json.items[0]).toMatchObject({ mayUnlock: true });
      await app.admin.call('DELETE', `/api/v1/aways/${made.json.id}`);
      expect((await app.as(b, 'POST', `/api/v1/runs/${task?.run_id}/unlock`, { reason: '' })).status).toBe(400);
      expect((await app.as(a, 'POST', `/api/v1/runs/${task?.run_id}/unlock`, { reason: '写错了' })).status).toBe(204);
      expect((await writer(record, '改好')).status).toBe(200);
      const done = await ok(record, a, 'approve');
      expect(done.task.progress.some((entry: { action: string }) => entry.action === 'unlocked')).toBe(true);
      expect((await detail(record, a)).changedAfter).toBe(false);
      await writer(record, '审批后又改');
      expect((await detail(record, a)).changedAfter).toBe(true);
      expect((await app.admin.call('GET', url)).json.items[0]).toMatchObject({ changedAfter: true, locked: null });
    });
  });
});

describe('抄送', () => {
  it('by a node and with a decision, nobody twice, with read marks', async () => {
    const base = one();
    const cc: FlowNode = {
      id: 'cc',
      name: '',
      type: 'cc',
      to: [{ kind: 'member', ids: [c, d] }],
      title: { kind: 'literal', value: '请知悉' },
      facts: [],
    };
    const definition = {
      ...base,
      nodes: [...base.nodes, cc],
      edges: [{ from: 'trigger', to: 'cc' }, { from: 'cc', to: 'ok' }, ...base.edges.slice(1)],
    };
    await app.with(definition, async () => {
      const record = await app.submit('抄送');
      await ok(record, a, 'approve', { cc: [c], comment: '看一下' });
      const list = (await app.as(c, 'GET', '/api/v1/copies', undefined)).json;
      expect([list.items.length, list.unread]).toEqual([2, 2]);
      expect((await app.as(c, 'POST', `/api/v1/copies/${list.items[0].id}/read`)).json.readAt).not.toBeNull();
      expect((await app.as(c, 'GET', '/api/v1/copies?unread=true', undefined)).json.items).toHaveLength(1);
      expect((await app.as(d, 'POST', `/api/v1/copies/${list.items[1].id}/read`)).status).toBe(404);
      const page = await app.as(c, 'GET', `/api/v1/tasks/${list.items[0].taskId}`, undefined);
      expect(page.status).toBe(200);
      const marks = page.json.copies.map(
        ({ who, by, readAt }: { who: { id: string }; by: unknown; readAt: unknown }) => [
          who.id,
          by !== null,
          readAt !== null,
        ],
      );
      // The one that the approver sent is the newest and was read; those of the node are not.
      expect(marks).toEqual(
        expect.arrayContaining([
          [c, true, true],
          [c, false, false],
          [d, false, false],
        ]),
      );
      expect(marks).toHaveLength(3);
    });
  });
});

describe('任务中心的筛选', () => {
  it('flow, form, state, day and words narrow every list alike (the search box did nothing on 我发起的 and 抄送我的)', async () => {
    const title = '合同100%审批';
    await app.with(one({ title: { kind: 'literal', value: title } }), async () => {
      const [kept, other] = [await app.submit('筛选甲'), await app.submit('筛选乙')];
      await ok(kept, a, 'approve', { cc: [c], comment: '看一下' });
      await ok(other, a, 'reject', { cc: [c], comment: '不行' });
      const titles = async (who: MemberId, path: string, query: Record<string, string>) => {
        const answer = await app.as(who, 'GET', `/api/v1/${path}${new URLSearchParams(query)}`, undefined);
        expect(answer.status).toBe(200);
        return answer.json.items.map((item: { title: string }) => item.title);
      };
      const [run] = await app.sql<{ flow_id: string }>(
        'SELECT r.flow_id FROM lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id WHERE t.record_id = $1',
        [kept],
      );
      const flowId = run?.flow_id ?? '';
      const me = app.admin.memberId;
      const day = '2000-01-01';
      for (const [who, path] of [
        [a, 'tasks?state=done&'],
        [me, 'runs?'],
        [c, 'copies?'],
      ] as const) {
        expect(await titles(who, path, { flowId, search: '100%' })).toEqual([title, title]);
        expect(await titles(who, path, { flowId, search: '100_' })).toEqual([]);
        expect(await titles(who, path, { flowId, formId: app.contracts.id, from: day })).toHaveLength(2);
        expect(await titles(who, path, { flowId, to: day })).toEqual([]);
        expect(await titles(who, path, { flowId: app.contracts.id })).toEqual([]);
      }
      expect(await titles(a, 'tasks?state=done&', { flowId, outcome: 'approved' })).toEqual([title]);
      expect(await titles(me, 'runs?', { flowId, state: 'approved' })).toEqual([title]);
      expect(await titles(me, 'runs?', { flowId, state: 'open' })).toEqual([]);
      const flows = (await app.as(c, 'GET', '/api/v1/tasks/flows', undefined)).json.items;
      expect(flows.map((flow: { id: string }) => flow.id)).toContain(flowId);
      expect((await app.as(d, 'GET', '/api/v1/tasks/flows', undefined)).json.items).not.toContainEqual(
        expect.objectContaining({ id: flowId }),
      );
    });
  });
});

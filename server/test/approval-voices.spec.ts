import type { MemberId, TaskId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { type Approval } from './support/approval-app.js';
import { approvalScene } from './support/approval-scene.js';

// Who decides a node, and whom its approvers may ask beside themselves.
const { app, a, b, c, d, act, ok, waiting, one, detail } = await approvalScene();

describe('多人时', () => {
  it.each<[string, Partial<Approval>, [MemberId | string, 'approve' | 'reject'][], string | null]>([
    ['或签: the first answer decides', { mode: 'any' }, [['b', 'reject']], 'no'],
    [
      '一票通过: refused only when all refuse',
      { mode: 'any', refuse: 'afterAll' },
      [
        ['a', 'reject'],
        ['b', 'approve'],
      ],
      'yes',
    ],
    [
      '一票通过: all refuse',
      { mode: 'any', refuse: 'afterAll' },
      [
        ['a', 'reject'],
        ['b', 'reject'],
        ['c', 'reject'],
      ],
      'no',
    ],
    [
      '一票否决',
      { mode: 'all' },
      [
        ['a', 'approve'],
        ['b', 'reject'],
      ],
      'no',
    ],
    [
      '全签: a refusal waits for every opinion',
      { mode: 'all', refuse: 'afterAll' },
      [
        ['a', 'reject'],
        ['b', 'approve'],
      ],
      null,
    ],
    [
      '比例, 全签: the known result waits for every opinion',
      { mode: 'ratio', atLeast: { unit: 'count', value: 1 }, collectAll: true },
      [
        ['a', 'approve'],
        ['b', 'reject'],
      ],
      null,
    ],
    [
      '比例, 全签: all have spoken',
      { mode: 'ratio', atLeast: { unit: 'count', value: 1 }, collectAll: true },
      [
        ['a', 'approve'],
        ['b', 'reject'],
        ['c', 'reject'],
      ],
      'yes',
    ],
    [
      '依次比例: decided before the last is asked',
      { mode: 'ratio', atLeast: { unit: 'count', value: 2 }, oneByOne: true },
      [
        ['a', 'approve'],
        ['b', 'approve'],
      ],
      'yes',
    ],
  ])('%s', async (_name, policy, answers, state) => {
    await app.with(one(policy, [a, b, c]), async () => {
      const record = await app.submit('多人');
      const ids = { a, b, c } as Record<string, MemberId>;
      for (const [who, verb] of answers) await ok(record, ids[who as string] as MemberId, verb);
      expect(await app.state(record)).toBe(state);
    });
  });

  it('依次: the order of the list is kept, also for many (approvers in random order)', async () => {
    await app.with(one({ mode: 'sequential' }, [d, b, c, a]), async () => {
      const record = await app.submit('顺序');
      for (const [who, letter] of [
        [d, 'd'],
        [b, 'b'],
        [c, 'c'],
        [a, 'a'],
      ] as const) {
        expect(await waiting(record)).toBe(letter);
        await ok(record, who, 'approve');
      }
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('委派', () => {
  it('the delegate advises, the task comes back, the delegator decides', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('委派');
      await ok(record, a, 'delegate', { to: b, comment: '你怎么看' });
      expect(await waiting(record)).toBe('b');
      expect((await detail(record, b)).actions).toEqual(['advise', 'cc']);
      await ok(record, b, 'reject', { comment: '贵了' });
      expect(await waiting(record)).toBe('a');
      expect(await app.state(record)).toBeNull();
      await ok(record, a, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('加签', () => {
  it('before: they are asked first, then the adder again', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('前加签');
      await ok(record, a, 'add-signer', { to: [b, c], position: 'before', mode: 'all' });
      expect(await waiting(record)).toBe('bc');
      await ok(record, b, 'approve');
      await ok(record, c, 'approve');
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('before: their refusal refuses in the adder’s place', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('前加签拒绝');
      await ok(record, a, 'add-signer', { to: [b], position: 'before' });
      await ok(record, b, 'reject', { comment: '不行' });
      expect(await app.state(record)).toBe('no');
      expect(await waiting(record)).toBe('');
    });
  });

  it('after: does not come back to the adder', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('后加签');
      await ok(record, a, 'add-signer', { to: [b, c], position: 'after', mode: 'sequential' });
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      expect(await waiting(record)).toBe('b');
      await ok(record, b, 'approve');
      await ok(record, c, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('beside: a voice each; a count stays what it was unless the node says otherwise', async () => {
    for (const [addedCount, state] of [
      [false, 'yes'],
      [true, null],
    ] as const) {
      const policy = { mode: 'ratio' as const, atLeast: { unit: 'count' as const, value: 2 }, addedCount };
      await app.with(one(policy, [a, b]), async () => {
        const record = await app.submit('并加签');
        await ok(record, a, 'add-signer', { to: [c], position: 'beside' });
        await ok(record, a, 'approve');
        await ok(record, c, 'approve');
        expect(await app.state(record)).toBe(state);
      });
    }
  });

  it('nested to three, not to four', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('嵌套');
      await ok(record, a, 'add-signer', { to: [b], position: 'before' });
      await ok(record, b, 'add-signer', { to: [c], position: 'before' });
      await ok(record, c, 'add-signer', { to: [d], position: 'before' });
      const answer = await act(record, d, 'add-signer', { to: [app.admin.memberId], position: 'before' });
      expect([answer.status, answer.json.code]).toEqual([409, 'wrong_state']);
      for (const who of [d, c, b, a]) await ok(record, who, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('减签', () => {
  it('only those added and not yet acted; the adder goes on', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('减签');
      const id = await app.taskOf(record, a);
      await ok(record, a, 'add-signer', { to: [b, c], position: 'before' });
      await ok(record, b, 'approve');
      const signers = (await app.tasks(record)).filter((task) => task.member_id !== a);
      const remove = (task: TaskId | undefined) => app.as(a, 'POST', `/api/v1/tasks/${id}/remove-signer`, { task });
      expect((await remove(signers.find((task) => task.member_id === b)?.id)).json.code).toBe('wrong_state');
      expect((await remove(id)).status).toBe(400);
      expect((await remove(signers.find((task) => task.member_id === c)?.id)).status).toBe(200);
      expect(await waiting(record)).toBe('a');
    });
  });
});

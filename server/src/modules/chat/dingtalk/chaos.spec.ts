import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSeed, seeded } from '../../../../test/support/random.js';
import { noteFacts, soaking } from '../../../../test/support/soak.js';
import { approval, TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { MessageSender } from '../message-sender.js';
import { OrgSync } from '../org/org-sync.js';

const messages = soaking ? 2000 : 120;
const people = soaking ? 80 : 20;
const random = seeded(newSeed('dingtalk-chaos'));
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

let both: TwoPlatforms;
const members = new Map<string, MemberId>();
beforeAll(async () => {
  both = await TwoPlatforms.start('http');
  await both.provePresses();
  const corp = both.t.sandbox.state.ding.world.corps.get(both.dingtalk.corpId);
  for (let index = 0; index < people; index++) {
    const userid = `c${index}`;
    corp?.members.set(userid, {
      userid,
      unionid: `union_${userid}`,
      name: `员工${index}`,
      departments: [4],
      title: '',
      mobile: '',
      email: '',
      manager: null,
      leads: [],
    });
  }
  await both.t.app.get(OrgSync).run(both.dingtalk);
  const rows = await both.t.database.withTenant(both.tenant, (tx) =>
    tx.sql<{ userid: string; member_id: MemberId }>(
      `SELECT userid, member_id FROM lianke.chat_account WHERE connection_id = $1 AND userid LIKE 'c%' AND userid <> 'chenzg'`,
      [both.dingtalk.id],
    ),
  );
  for (const row of rows) members.set(row.userid, row.member_id);
}, 60_000);
afterAll(() => both.close());

const sending = ['createAndDeliver', '/tasks', 'asyncsend_v2'];
const updating = ['card/instances', '/tasks/'];
const effects = [
  { kind: 'errcode', errcode: 40014 },
  { kind: 'errcode', errcode: 42001 },
  { kind: 'errcode', errcode: 90018 },
  { kind: 'errcode', errcode: 90002 },
  { kind: 'errcode', errcode: -1 },
  { kind: 'status', status: 502 },
  { kind: 'drop' },
  { kind: 'delay', ms: 20 },
] as const;
let injected = 0;

/** Everything that goes wrong between two rounds: refusals, lost answers, tokens taken back early. */
async function trouble(paths: readonly string[]): Promise<void> {
  // A few at a time: what is asked is whether anything is lost while some calls fail, not while all do.
  if (both.t.sandbox.state.faults.all().length > 2) return;
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    both.t.sandbox.state.faults.add({ path: pick(paths), effect: pick(effects), times: 1 + Math.floor(random() * 2) });
    injected += 1;
  }
  if (random() < 0.2) {
    await both.platform('POST', `dingtalk/apps/${both.dingtalk.appKey}/expire-token`, {
      as: pick(['expired', 'invalid'] as const),
    });
    injected += 1;
  }
}

const open = async (condition: string) => {
  const [row] = await both.t.database.withTenant(both.tenant, (tx) =>
    tx.sql<{ count: number }>(`SELECT count(*)::int AS count FROM lianke.message WHERE ${condition}`),
  );
  return row?.count ?? 0;
};

/**
 * Rounds of the outbox, each under trouble of its own, until nothing of `condition` is left. Waits are made to be over, and
 * our own limits too, so that the platform's are met.
 */
async function until(condition: string, paths: readonly string[]): Promise<number> {
  const sender = both.t.app.get(MessageSender);
  let calm = false;
  for (let rounds = 1; ; rounds++) {
    if (!calm) await trouble(paths);
    calm = false;
    if (await sender.round()) continue;
    if ((await open(condition)) === 0) return rounds;
    await both.makeDue();
    await both.resetLimits([...members.keys()]);
    // Real waits grow to minutes: the last few messages do not meet trouble at each of their attempts.
    calm = random() < 0.6;
    if (calm) both.t.sandbox.state.faults.remove();
  }
}

describe(`${messages} approvals to ${people} people under expiry, revocation, rate limits, 5xx, lost answers`, () => {
  const about = new Map<string, { kind: 'task'; id: string }>();
  const decided = new Map<string, string>();

  it('all arrive, each once, with the to-do', async () => {
    both.t.sandbox.state.ding.switches.callsPerSecond = 20;
    const userids = [...members.keys()];
    for (let index = 0; index < messages; index++) {
      const userid = userids[index % userids.length] ?? '';
      const subject = { kind: 'task', id: uuid7() } as const;
      const to = [members.get(userid) as MemberId];
      const card = { ...approval, title: `合同 ${index}` };
      // One in five asks nothing: a work notice, the kind without a key of its own.
      const asks = index % 5 !== 4;
      if (asks) about.set(subject.id, subject);
      await both.enqueue({ to, about: subject, card: asks ? card : { ...card, kind: 'notice', buttons: [] } });
    }
    const rounds = await until(`state = 'queued'`, sending);
    both.t.sandbox.state.faults.remove();
    const rows = await both.rows();
    expect(rows.filter((row) => row.state !== 'sent')).toEqual([]);
    expect(rows).toHaveLength(messages);
    const { recorder, ding } = both.t.sandbox.state;
    const counts = recorder.counts({ kind: 'send' });
    const asked = rows.filter((row) => row.receipt?.card !== undefined);
    expect(asked).toHaveLength(about.size);
    const cards = asked.map((row) => counts.find((count) => count.keyKind === 'task_id' && count.key === row.id));
    expect(cards.filter((count) => count?.delivered !== 1)).toEqual([]);
    const doubled = counts.filter((count) => count.delivered > 1);
    expect(doubled).toEqual([]);
    expect(ding.world.todos.size).toBe(about.size);
    const notices = [...ding.world.notices.values()].flatMap((notice) => notice.delivered);
    expect(notices).toHaveLength(messages - about.size);
    noteFacts('dingtalk-chaos', { messages, lost: 0, doubled: doubled.length, faults: injected, rounds });
  }, 900_000);

  it('are pressed, and each press comes twice: each is decided once', async () => {
    const { state } = both.t.sandbox;
    Object.assign(state.ding.switches, { callsPerSecond: 10_000, pushTwice: true });
    const rows = await both.rows();
    const userOf = new Map([...members].map(([userid, id]) => [id, userid]));
    for (const row of rows.filter((each) => each.receipt?.card))
      await both.press(userOf.get(row.member_id) ?? '', row.id, 'test.approve');
    await both.work();
    for (const press of both.presses) {
      const { id } = press.about;
      if (id === null || decided.has(id)) continue;
      decided.set(id, press.memberId);
    }
    expect(decided.size).toBe(about.size);
    expect(new Set(both.presses.map((press) => press.messageId)).size).toBe(about.size);
  }, 900_000);

  it('all show who decided, and every to-do is done', async () => {
    const { state } = both.t.sandbox;
    state.ding.switches.pushTwice = false;
    for (const [id, by] of decided) {
      const subject = about.get(id);
      if (subject) await both.update(subject, '已同意', by as MemberId);
    }
    await until(`outcome_state = 'pending'`, updating);
    state.faults.remove();
    const rows = (await both.rows()).filter((each) => each.receipt?.card);
    expect(rows.filter((row) => row.outcome_state !== 'done')).toEqual([]);
    const cards = [...state.ding.world.cards.values()];
    expect(cards.filter((card) => card.publicData.outcome !== '已同意')).toEqual([]);
    expect([...state.ding.world.todos.values()].filter((todo) => !todo.done)).toEqual([]);
  }, 900_000);

  it('pressed once more say what happened, and change nothing', async () => {
    both.refusal = new AppError('already_handled', { who: '员工', outcome: '同意' });
    const row = (await both.rows()).find((each) => each.receipt?.card);
    const userid = [...members].find(([, id]) => id === row?.member_id)?.[0] ?? '';
    const { values } = await both.press(userid, row?.id ?? '', 'test.approve');
    expect(values).toMatchObject({ status: 'done', outcome: '已同意' });
  });
});

describe('contacts that change while pushes come twice and out of order', () => {
  it('are those of the platform, before any night', async () => {
    const { state } = both.t.sandbox;
    Object.assign(state.ding.switches, { pushTwice: true, pushOutOfOrder: true });
    const corp = state.ding.world.corps.get(both.dingtalk.corpId);
    const path = (userid: string) => `dingtalk/corps/${both.dingtalk.corpId}/members/${userid}`;
    for (let change = 0; change < (soaking ? 400 : 40); change++) {
      const userid = `c${Math.floor(random() * people)}`;
      const leaves = corp?.members.has(userid) === true && random() < 0.4;
      if (leaves) await both.platform('DELETE', path(userid));
      else await both.platform('PUT', path(userid), { name: `员工 ${userid}`, departments: [pick([2, 3, 4, 5])] });
      if (random() < 0.3) await both.work();
    }
    state.pushes.release();
    Object.assign(state.ding.switches, { pushTwice: false, pushOutOfOrder: false });
    await both.work();
    const here = await both.t.database.withTenant(both.tenant, (tx) =>
      tx.sql<{ userid: string; department: string }>(
        `SELECT a.userid, d.name AS department FROM lianke.chat_account a
         JOIN lianke.member m ON m.id = a.member_id AND m.state = 'active'
         JOIN lianke.department_member dm ON dm.member_id = m.id AND dm.connection_id = a.connection_id
         JOIN lianke.department d ON d.id = dm.department_id
         WHERE a.connection_id = $1 AND a.userid LIKE 'c%' AND a.userid <> 'chenzg' ORDER BY a.userid`,
        [both.dingtalk.id],
      ),
    );
    const there = [...(corp?.members.values() ?? [])]
      .filter((member) => /^c\d+$/.test(member.userid))
      .flatMap((member) =>
        member.departments.map((id) => ({ userid: member.userid, department: corp?.departments.get(id)?.name ?? '' })),
      );
    const sorted = (rows: { userid: string; department: string }[]) =>
      rows.map((row) => `${row.userid} ${row.department}`).sort();
    expect(sorted(here)).toEqual(sorted(there));
  }, 600_000);
});

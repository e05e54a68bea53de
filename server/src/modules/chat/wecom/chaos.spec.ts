import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSeed, seeded } from '../../../../test/support/random.js';
import { noteFacts, soaking } from '../../../../test/support/soak.js';
import { approval, TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { MessageSender } from '../message-sender.js';
import { OrgSync } from '../org/org-sync.js';

const messages = soaking ? 2000 : 120;
const people = soaking ? 100 : 20;
const random = seeded(newSeed('wecom-chaos'));
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

let both: TwoPlatforms;
const members = new Map<string, MemberId>();
beforeAll(async () => {
  both = await TwoPlatforms.start('http');
  const corp = both.t.sandbox.state.wecom.world.corps.get(both.wecom.corpId);
  for (let index = 0; index < people; index++)
    corp?.members.set(`w${index}`, {
      ...{ userid: `w${index}`, name: `员工${index}`, departments: [1], position: '', gender: '1' as const },
      ...{ mobile: '', email: '', directLeader: null, leads: [] },
    });
  await both.t.app.get(OrgSync).run(both.wecom);
  const rows = await both.t.database.withTenant(both.tenant, (tx) =>
    tx.sql<{ userid: string; member_id: MemberId }>(
      `SELECT userid, member_id FROM lianke.chat_account WHERE connection_id = $1 AND userid ~ '^w[0-9]+$'`,
      [both.wecom.id],
    ),
  );
  for (const row of rows) members.set(row.userid, row.member_id);
}, 60_000);
afterAll(() => both.close());

const effects = [
  { kind: 'errcode', errcode: 40014 },
  { kind: 'errcode', errcode: 42001 },
  { kind: 'errcode', errcode: 45009 },
  { kind: 'errcode', errcode: 45033 },
  { kind: 'errcode', errcode: -1 },
  { kind: 'status', status: 502 },
  { kind: 'drop' },
  { kind: 'delay', ms: 20 },
] as const;
let injected = 0;

/** Everything that goes wrong between two rounds: refusals, lost answers, tokens taken back early. */
async function trouble(path: string): Promise<void> {
  const { faults, seed } = both.t.sandbox.state;
  // A few at a time: what is asked is whether anything is lost while some calls fail, not while all do.
  if (faults.all().length > 2) return;
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    faults.add({ path, effect: pick(effects), times: 1 + Math.floor(random() * 2) });
    injected += 1;
  }
  if (random() < 0.2) {
    const { corpId, apps } = seed.wecom.find((each) => each.corpId === both.wecom.corpId) ?? {};
    await both.platform('POST', `corps/${corpId}/apps/${apps?.[0]?.agentId}/expire-token`, {
      as: pick(['expired', 'invalid'] as const),
    });
    injected += 1;
  }
}

/**
 * Rounds of the outbox, each under trouble of its own, until nothing of `condition` is left. Waits are made to be over, and
 * our own limits too, so that the platform's are met.
 */
async function until(condition: string, path: string): Promise<number> {
  const sender = both.t.app.get(MessageSender);
  let calm = false;
  for (let rounds = 1; ; rounds++) {
    if (!calm) await trouble(path);
    calm = false;
    if (await sender.round()) continue;
    const [left] = await both.t.database.withTenant(both.tenant, (tx) =>
      tx.sql<{ count: number }>(`SELECT count(*)::int AS count FROM lianke.message WHERE ${condition}`),
    );
    if (left?.count === 0) return rounds;
    await both.makeDue();
    await both.resetLimits([...members.keys()]);
    // Real waits grow to minutes: the last few messages do not meet trouble at each of their attempts.
    calm = random() < 0.6;
    if (calm) both.t.sandbox.state.faults.remove();
  }
}

describe(`${messages} messages to ${people} people under expiry, revocation, 45009, 5xx, lost answers`, () => {
  const about = new Map<string, { kind: 'task'; id: string }>();

  it('all arrive, each once', async () => {
    const userids = [...members.keys()];
    expect(userids).toHaveLength(people);
    for (let index = 0; index < messages; index++) {
      const subject = { kind: 'task', id: uuid7() } as const;
      const card = { ...approval, title: `合同 ${index}` };
      // One in five asks nothing.
      const asks = index % 5 !== 4;
      if (asks) about.set(subject.id, subject);
      await both.enqueue({
        to: [members.get(userids[index % people] ?? '') as MemberId],
        about: subject,
        card: asks ? card : { ...card, kind: 'notice', buttons: [] },
      });
    }
    const rounds = await until(`state = 'queued'`, 'message/send');
    both.t.sandbox.state.faults.remove();
    const rows = await both.rows();
    expect(rows).toHaveLength(messages);
    expect(rows.filter((row) => row.state !== 'sent')).toEqual([]);
    const counts = both.t.sandbox.state.recorder.counts({ kind: 'send' });
    const own = rows.map((row) => counts.find((count) => count.keyKind === 'task_id' && count.key === row.id));
    expect(own.filter((count) => count?.delivered !== 1)).toEqual([]);
    noteFacts('wecom-chaos', { messages, lost: 0, doubled: 0, faults: injected, rounds });
  }, 900_000);

  it('are pressed, and each press comes twice and out of order: each is decided once, and every card says so', async () => {
    const { state } = both.t.sandbox;
    Object.assign(state.wecom.switches, { callbackDuplicate: true, callbackOutOfOrder: true });
    const userOf = new Map([...members].map(([userid, id]) => [id, userid]));
    const cards = (await both.rows()).filter((row) => row.body.includes('button_list'));
    expect(cards).toHaveLength(about.size);
    for (const row of cards) {
      // The platform did not say which card it is where its answer was lost and the message known for the same.
      const [message] = [...state.wecom.world.messages.values()].filter((each) => each.taskId === row.id);
      await both.platform('POST', `cards/${message?.msgid}/press`, {
        userid: userOf.get(row.member_id),
        key: 'test.approve',
      });
    }
    state.callbacks.flush();
    Object.assign(state.wecom.switches, { callbackDuplicate: false, callbackOutOfOrder: false });
    await both.work();
    expect(both.presses).toHaveLength(about.size);
    for (const press of both.presses) {
      const subject = about.get(press.about.id ?? '');
      if (subject) await both.update(subject, '已同意', press.memberId as MemberId);
    }
    await until(`outcome_state = 'pending'`, 'update_template_card');
    state.faults.remove();
    expect((await both.rows()).filter((row) => row.outcome_state === 'failed')).toEqual([]);
    const faces = [...state.wecom.world.messages.values()]
      .filter((message) => cards.some((row) => row.id === message.taskId))
      .flatMap((message) => [...message.faces.values()]);
    expect(faces).toHaveLength(about.size);
    expect(faces.filter((face) => face.replaced !== '已同意')).toEqual([]);
  }, 900_000);
});

import { readFileSync } from 'node:fs';
import { rolePermissions } from '@lianke/shared/org/api';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestAccount, WholeApp } from '../../../../test/support/whole-app.js';
import { OrgService } from '../../../engine/org/org.service.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { Retention } from './retention.js';
import { keptDays, rules } from './rules.js';

const day = 86_400_000;
let app: WholeApp;
let account: TestAccount;
let owner: pg.Client;
let formId: string;

beforeAll(async () => {
  app = await WholeApp.start({ start: new Date().toISOString() });
  account = await app.company('acme');
  owner = new pg.Client({ connectionString: app.kernel.database.urls.ownerUrl });
  await owner.connect();
  const { json } = await account.call('POST', '/api/v1/apps', { name: '应用' });
  const form = await account.call('POST', '/api/v1/forms', {
    appId: json.id,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'old', name: '旧字段', type: 'text' },
      { key: 'photo', name: '照片', type: 'attachment' },
    ],
  });
  formId = form.json.id;
});
afterAll(async () => {
  await owner.end();
  await app.close();
});

const run = () => app.get(Retention).run();
const rows = <Row = { n: number }>(sql: string, values: unknown[] = []) =>
  app.kernel.database.withTenant(account, (tx) => tx.sql<Row>(sql, values as never[]));
const count = async (table: string, where = 'true') =>
  (await rows(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`))[0]?.n;
const table = () => `t_${account.tenantId.replaceAll('-', '')}.f_${formId.replaceAll('-', '')}`;

/** One row of each shared table, as old as told, ready to go. */
const specimen: Record<string, (id: string) => string> = {
  event: (
    id,
  ) => `event (tenant_id, id, form_id, record_id, kind, before, after, changed, door, depth, state, created_at)
    VALUES ($1, '${id}', '${id}', '${id}', 'created', '{}', '{}', '{}', 'api', 0, 'done', $2)`,
  idempotency: (id) => `idempotency (tenant_id, actor_id, route, key, body_hash, status, answer, created_at)
    VALUES ($1, '${id}', 'x', 'x', 'x', 200, '{}', $2)`,
  message: (id) => `message (tenant_id, id, key, member_id, card, about_kind, state, created_at)
    VALUES ($1, '${id}', '${id}', '${id}', '{}', 'none', 'sent', $2)`,
  run: (
    id,
  ) => `run (tenant_id, id, flow_id, version, event_id, form_id, record_id, door, depth, state, started_at, finished_at)
    VALUES ($1, '${id}', '${id}', 1, '${id}', '${id}', '${id}', 'api', 0, 'done', $2, $2)`,
  step: (id) => `step (tenant_id, run_id, node, scope, type, state, started_at)
    VALUES ($1, '${id}', 'a', '', 'delay', 'done', $2)`,
  run_item: (id) => `run_item (tenant_id, run_id, node, scope, iteration, n, record_id, made_at)
    VALUES ($1, '${id}', 'a', '', 0, 0, '${id}', $2)`,
  record_link_use: (id) =>
    `record_link_use (tenant_id, id, link_id, address, device, at) VALUES ($1, '${id}', '${id}', 'x', 'x', $2)`,
  said: (id) => `said (tenant_id, member_id, day, text_hash, at) VALUES ($1, '${id}', '2026-01-01', 'x', $2)`,
  card_press: (id) =>
    `card_press (tenant_id, message_id, response_code, member_id, at) VALUES ($1, '${id}', 'x', '${id}', $2)`,
  report_delivery: (id) => `report_delivery (tenant_id, id, subscription_id, due_at, kind, target, state)
    VALUES ($1, '${id}', '${id}', $2, 'member', '${id}', 'handed')`,
  callback_inbox: (id) => `callback_inbox (tenant_id, id, connection_id, digest, body, state, received_at)
    VALUES ($1, '${id}', '${id}', '${id}', 'x', 'done', $2)`,
  session: (id) => `session (tenant_id, id, token_hash, member_id, channel, expires_at)
    VALUES ($1, '${id}', '${id}', '${id}', 'password', $2)`,
  login_attempt: (id) => `login_attempt (tenant_id, id, connection_id, kind, state_hash, nonce_hash, expires_at)
    VALUES ($1, '${id}', '${id}', 'qr', '${id}', 'x', $2)`,
  app_bin: (id) => `app_bin (tenant_id, id, kind, app_id, name, content, deleted_at)
    VALUES ($1, '${id}', 'dashboard', '${id}', 'x', '{}', $2)`,
  app_package: (id) => `app_package (tenant_id, id, file_name, content, created_at)
    VALUES ($1, '${id}', 'x', '{}', $2)`,
  invite: (id) =>
    `invite (tenant_id, id, token_hash, member_id, expires_at) VALUES ($1, '${id}', '${id}', '${id}', $2)`,
};
/** Answers the row's id. `age` in days. */
async function insert(name: string, age: number): Promise<string> {
  const id = uuid7();
  const at = new Date(app.kernel.clock.now().getTime() - age * day);
  await rows(`INSERT INTO lianke.${specimen[name]?.(id)}`, [account.tenantId, at]);
  return id;
}

describe('retention', () => {
  it('has an age for each table, and its README says the same', () => {
    expect(Object.keys(specimen).sort()).toEqual(rules.map((rule) => rule.table).sort());
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
    const days = (count: number) => `${count} day${count === 1 ? '' : 's'}`;
    for (const rule of rules) expect(readme).toContain(`| \`${rule.table}\` | ${days(rule.days)} |`);
    expect(readme).toContain(`| recycle bin | ${days(keptDays.recycleBin)} |`);
    expect(readme).toContain(`| removed fields | ${days(keptDays.removedFields)} |`);
    expect(readme).toContain(`| unreferenced files | ${days(keptDays.unreferencedFiles)} |`);
    expect(readme).toContain(`| audit | ${days(keptDays.audit)} |`);
    expect(readme).toContain(`| dead letters | ${days(keptDays.deadLetters)} |`);
  });

  it.each(rules.map((rule) => [rule.table, rule.days] as const))(
    'removes what is past its age from %s (%i days), and keeps the rest',
    async (name, days) => {
      const before = (await count(`lianke.${name}`)) ?? 0;
      await insert(name, days + 0.1);
      await insert(name, days - 0.1);
      await run();
      expect(await count(`lianke.${name}`)).toBe(before + 1);
    },
  );

  it('keeps runs as long as the company has chosen, within bounds, and only an administrator chooses', async () => {
    const url = '/api/v1/run-retention';
    expect((await account.call('GET', url)).json).toEqual({ days: 180 });
    for (const days of [29, 1096, 45.5]) expect((await account.call('POST', url, { days })).status).toBe(400);
    expect((await account.call('POST', url, { days: 40 })).json).toEqual({ days: 40 });
    const [old, young] = [await insert('run', 40.1), await insert('run', 39.9)];
    await run();
    expect(await count('lianke.run', `id = '${old}'`)).toBe(0);
    expect(await count('lianke.run', `id = '${young}'`)).toBe(1);
    await account.call('POST', url, { days: 1095 });
    const kept = await insert('run', 400);
    await run();
    expect(await count('lianke.run', `id = '${kept}'`)).toBe(1);
    const roleId = await app
      .get(OrgService)
      .createRole({ tenantId: account.tenantId }, { name: '无权', permissions: rolePermissions.parse({}) });
    const plain = await app
      .get(OrgService)
      .createMember({ tenantId: account.tenantId }, { name: '李伟', roleIds: [roleId] });
    expect((await (await app.account(account.tenantId, plain)).call('POST', url, { days: 40 })).status).toBe(403);
    expect(await count('lianke.audit', `action = 'runs.retention'`)).toBe(2);
    await account.call('POST', url, { days: 180 });
  });

  it('keeps the event of a run that can still be tried again', async () => {
    const id = await insert('event', 40);
    await rows(
      `INSERT INTO lianke.run (tenant_id, id, flow_id, version, event_id, form_id, record_id, door, depth, state, started_at)
       VALUES ($1, $2, $2, 1, $3, $3, $3, 'api', 0, 'failed', now())`,
      [account.tenantId, uuid7(), id],
    );
    await run();
    expect(await count('lianke.event', `id = '${id}'`)).toBe(1);
    await rows(`UPDATE lianke.run SET state = 'done' WHERE event_id = $1`, [id]);
    await run();
    expect(await count('lianke.event', `id = '${id}'`)).toBe(0);
  });

  it('forgets the audit after a year only, whoever asks', async () => {
    const at = (age: number) => new Date(Date.now() - age * day);
    for (const age of [366, 300])
      await rows(`INSERT INTO lianke.audit (tenant_id, id, at, action) VALUES ($1, $2, $3, 'specimen')`, [
        account.tenantId,
        uuid7(),
        at(age),
      ]);
    await app.kernel.database.control('SELECT lianke.forget_audit($1, $2, 100)', [account.tenantId, at(-1)]);
    expect(await count('lianke.audit', `action = 'specimen'`)).toBe(1);
    await expect(rows('DELETE FROM lianke.audit')).rejects.toThrow('permission denied');
  });

  it('removes an upload that no record took within two days, bytes included', async () => {
    const taken = (await account.upload('/api/v1/files', 'a.txt', Buffer.from('taken'))).json;
    const left = (await account.upload('/api/v1/files', 'b.txt', Buffer.from('left'))).json;
    const made = await account.call('POST', `/api/v1/forms/${formId}/records`, {
      values: { name: '甲', photo: [taken.id] },
    });
    expect(made.status).toBeLessThan(300);
    await run();
    expect(await count('lianke.file')).toBe(2);
    app.kernel.clock.advance(2.1 * day);
    await run();
    expect((await rows<{ id: string }>('SELECT id FROM lianke.file')).map((row) => row.id)).toEqual([taken.id]);
    await expect(app.kernel.storage.get(left.id)).rejects.toThrow('no stored file');
    const { stream } = await app.kernel.storage.get(taken.id);
    stream.destroy();
  });

  it('empties the recycle bin after thirty days, with history and references; what stands is untouched', async () => {
    const make = async (name: string) =>
      (await account.call('POST', `/api/v1/forms/${formId}/records`, { values: { name } })).json.id as string;
    const [gone, stays] = [await make('要删'), await make('留下')];
    await account.call('DELETE', `/api/v1/forms/${formId}/records/${gone}`);
    app.kernel.clock.advance(29 * day);
    await run();
    expect(await count(table(), `id = '${gone}'`)).toBe(1);
    app.kernel.clock.advance(2 * day);
    await run();
    expect(await count(table(), `id = '${gone}'`)).toBe(0);
    const changes = `${table().split('.')[0]}.record_change`;
    expect(await count(changes, `record_id = '${gone}'`)).toBe(0);
    expect(await count(table(), `id = '${stays}'`)).toBe(1);
    expect(await count(changes, `record_id = '${stays}'`)).toBe(1);
  });

  it('empties the column of a field thirty days after it was taken off, and not before', async () => {
    const view = async () => (await account.call('GET', `/api/v1/forms/${formId}`)).json;
    const form = await view();
    const own = form.fields.filter((field: { system?: boolean }) => !field.system);
    const old = own.find((field: { key: string }) => field.key === 'old');
    const fields = own
      .filter((field: { key: string }) => field.key !== 'old')
      .map(({ writable: _, ...field }: { writable: boolean }) => field);
    expect((await account.call('PATCH', `/api/v1/forms/${formId}`, { fields })).status).toBe(200);
    const column = `c_${old.id.slice(2)}`;
    const values = async () => Number((await owner.query(`SELECT count(${column}) AS n FROM ${table()}`)).rows[0]?.n);
    await owner.query(`UPDATE ${table()} SET ${column} = '旧值'`);
    const held = await values();
    expect(held).toBeGreaterThan(0);
    // When a field is taken off is written down in real time.
    const after = (days: number) => new Date(Date.now() + days * day);
    app.kernel.clock.set(after(29));
    await run();
    expect((await view()).removed).toMatchObject([{ key: 'old' }]);
    expect(await values()).toBe(held);
    app.kernel.clock.set(after(31));
    await run();
    expect((await view()).removed).toBeUndefined();
    expect(await values()).toBe(0);
    const made = await account.call('POST', `/api/v1/forms/${formId}/records`, { values: { name: '乙' } });
    expect(made.status).toBeLessThan(300);
  });

  it('runs once a day, a new installation from its second day on', async () => {
    await owner.query(`DELETE FROM lianke.installation WHERE name = 'retention_at'`);
    const waiting = async () =>
      (await owner.query(`SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'retention'`)).rows.length;
    const retention = app.get(Retention);
    await app.kernel.jobs.open();
    await retention.look();
    expect(await waiting()).toBe(0);
    app.kernel.clock.advance(day);
    await retention.look();
    await retention.look();
    expect(await waiting()).toBe(1);
    await run();
    await owner.query('SELECT graphile_worker.complete_jobs(array(SELECT id FROM graphile_worker.jobs))');
    await retention.look();
    expect(await waiting()).toBe(0);
  });
});

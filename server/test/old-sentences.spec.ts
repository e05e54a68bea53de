import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migration as shareCauses } from '../src/migrations/0452-share-causes.js';
import { migration as poolCauses } from '../src/migrations/0453-pool-causes.js';
import { migration as taskTitles } from '../src/migrations/0454-task-titles.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

// Rows as versions before kept them, with whole sentences in one language: what becomes of them.
let database: TestDatabase;
let admin: pg.Client;
let owner: pg.Client;
const [tenant, form, record, asker, other] = [1, 2, 3, 4, 5].map((n) => `00000000-0000-7000-8000-00000000000${n}`);

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await Promise.all([admin.connect(), owner.connect()]);
  await admin.query(`
    ALTER TABLE lianke.record_share DROP COLUMN cause_kind;
    ALTER TABLE lianke.pool_move DROP COLUMN cause, DROP COLUMN cause_days;
    ALTER TABLE lianke.task DROP COLUMN title_en, DROP COLUMN comment_kind;
    ALTER TABLE lianke.copy DROP COLUMN title_en`);
});
afterAll(async () => {
  await Promise.all([admin.end(), owner.end()]);
  await database.drop();
});

const plainSql = (sql: string) => sql.replace(/\/\*\*?[\s\S]*?\*\//g, '');

it('why somebody’s record was shared with who asked for it is what he wrote; what others typed stays', async () => {
  await admin.query(
    `INSERT INTO lianke.share_request (tenant_id, id, form_id, record_id, asker_id, owner_id, reason, state, created_at)
     VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, '老客户介绍', 'shared', now())`,
    [tenant, form, record, asker, other],
  );
  const share = (to: string | undefined, at: string | undefined, cause: string) =>
    admin.query(
      `INSERT INTO lianke.record_share (tenant_id, id, form_id, record_id, principal_kind, principal_id, level, cause, created_by, created_at)
       VALUES ($1, gen_random_uuid(), $2, $3, 'member', $4, 'read', $5, $6, now())`,
      [tenant, form, at, to, cause, other],
    );
  await share(asker, record, 'Asked to see it: 老客户介绍');
  await share(other, record, '申请查看：我自己写的');
  await share(asker, form, '申请查看');
  await owner.query(plainSql(shareCauses.sql));
  const { rows } = await admin.query('SELECT cause, cause_kind FROM lianke.record_share ORDER BY cause');
  expect(rows).toEqual([
    { cause: '申请查看', cause_kind: 'typed' },
    { cause: '申请查看：我自己写的', cause_kind: 'typed' },
    { cause: '老客户介绍', cause_kind: 'asked' },
  ]);
});

it('why a rule gave a record back is its rule and days; what people typed stays', async () => {
  const move = (kind: string, reason: string) =>
    admin.query(
      `INSERT INTO lianke.pool_move (tenant_id, id, form_id, record_id, kind, reason, at) VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, now())`,
      [tenant, form, record, kind, reason],
    );
  await move('auto', '超过 30 天没有联系');
  await move('auto', '超过 5 天没有成交');
  await move('return', '超过 5 天没有成交');
  await owner.query(plainSql(poolCauses.sql));
  const { rows } = await admin.query(
    'SELECT kind, reason, cause, cause_days FROM lianke.pool_move ORDER BY cause NULLS LAST',
  );
  expect(rows).toEqual([
    { kind: 'auto', reason: '', cause: 'contact', cause_days: 30 },
    { kind: 'auto', reason: '', cause: 'deal', cause_days: 5 },
    { kind: 'return', reason: '超过 5 天没有成交', cause: null, cause_days: null },
  ]);
});

it('why a consent was taken back is what its giver wrote; a comment with a decision stays', async () => {
  const task = (state: string, comment: string) =>
    admin.query(
      `INSERT INTO lianke.task (tenant_id, id, run_id, node, member_id, state, title, facts, form_id, record_id, comment, created_at)
       VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'n1', $2, $3, '合同', '[]', $4, $5, $6, now())`,
      [tenant, asker, state, form, record, comment],
    );
  await task('pending', '撤回同意：金额写错了');
  await task('approved', '撤回同意：那次的原因已经改好');
  await owner.query(plainSql(taskTitles.sql));
  const { rows } = await admin.query(
    'SELECT comment, comment_kind, title, title_en FROM lianke.task ORDER BY state DESC',
  );
  expect(rows).toEqual([
    { comment: '金额写错了', comment_kind: 'recalled', title: '合同', title_en: null },
    { comment: '撤回同意：那次的原因已经改好', comment_kind: null, title: '合同', title_en: null },
  ]);
});

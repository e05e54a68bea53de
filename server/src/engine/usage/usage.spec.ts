import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import type { Door } from '../context.js';
import { RecordWriter } from '../records/record-writer.js';
import { UsageModule } from './usage.module.js';
import { UsageService } from './usage.service.js';
import { UsageCounter } from './usage-counter.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let rep: MemberId;
/** Everything that has been written by now. */
const later = Date.now() + 86_400_000;

beforeAll(async () => {
  // A Wednesday.
  engine = await createTestEngine('2026-03-04T02:00:00Z', [UsageModule]);
  tenant = await engine.tenant('usage');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  rep = await tenant.memberWith('王芳', { [form.id]: { actions: ['view', 'create', 'edit'], scope: 'all' } });
});
afterAll(() => engine.close());

async function write(door: Door, id?: RecordId): Promise<RecordId> {
  const row = { ...(id ? { id } : {}), values: { name: `${door}${Math.random()}` } };
  const op = id ? ('update' as const) : ('create' as const);
  return (await engine.get(RecordWriter).writeOne(await tenant.ctx(rep, { door }), { formId: form.id, op, row })).id;
}
const counter = () => engine.get(UsageCounter);
const of = async (member: MemberId) => {
  const { items } = await engine.get(UsageService).list(await tenant.ctx(), 4);
  return items.find((item) => item.member.id === member)?.weeks;
};

describe('usage by person and week', () => {
  it('counts what a member made and changed, on the phone and at the desk, once', async () => {
    const id = await write('miniapp');
    await write('console', id);
    await write('console', id);
    expect(await of(rep)).toEqual([]);
    expect(await counter().count(tenant.id, 'Asia/Shanghai', later)).toBe(3);
    expect(await counter().count(tenant.id, 'Asia/Shanghai', later)).toBe(0);
    expect(await of(rep)).toEqual([
      { week: '2026-03-02', created: 1, changed: 2, phone: 1, desk: 2, tasks: 0, logins: 0 },
    ]);
  });

  it('waits for what is younger than its lag', async () => {
    await write('console');
    expect(await counter().count(tenant.id, 'Asia/Shanghai', Date.now() - 60_000)).toBe(0);
    expect(await counter().count(tenant.id, 'Asia/Shanghai', later)).toBe(1);
  });

  it('begins weeks on Monday in the company’s zone', async () => {
    // Sunday 23:30 in Shanghai, then Monday 00:30.
    engine.kernel.clock.set(new Date('2026-03-08T15:30:00Z'));
    await write('console');
    engine.kernel.clock.set(new Date('2026-03-08T16:30:00Z'));
    await write('console');
    await counter().count(tenant.id, 'Asia/Shanghai', later);
    expect((await of(rep))?.map(({ week, created }) => [week, created])).toEqual([
      ['2026-03-09', 1],
      ['2026-03-02', 3],
    ]);
  });

  it('is for administrators', async () => {
    await expect(engine.get(UsageService).list(await tenant.ctx(rep), 4)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

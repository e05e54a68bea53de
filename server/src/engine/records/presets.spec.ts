import { afterAll, expect, it } from 'vitest';
import { createTestEngine } from '../../../test/support/engine.js';
import { OrgService } from '../org/org.service.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

// Half past seven in the morning in China, where it is a day later than in UTC.
const engine = await createTestEngine('2026-03-03T23:30:00Z');
afterAll(() => engine.close());

it('defaults of the writer and the moment fill lists of people and times of day too', async () => {
  const tenant = await engine.tenant('acme');
  const org = engine.get(OrgService);
  const departmentId = await org.createDepartment({ tenantId: tenant.id }, { name: '销售部' });
  await org.updateMember({ tenantId: tenant.id }, tenant.admin, { departmentIds: [departmentId] } as never);
  const form = await tenant.form({
    appId: await tenant.app(),
    name: '拜访',
    fields: [
      { key: 'mates', name: '同行', type: 'members', default: { kind: 'me' } },
      { key: 'parts', name: '部门', type: 'departments', default: { kind: 'myDepartment' } },
      { key: 'day', name: '日期', type: 'date', default: { kind: 'now' } },
      { key: 'time', name: '几点', type: 'time', default: { kind: 'now' } },
      { key: 'exact', name: '精确', type: 'time', config: { precision: 'second' }, default: { kind: 'now' } },
      { key: 'place', name: '地址', type: 'address', default: { kind: 'literal', value: { province: '浙江省' } } },
      { key: 'also', name: '抄送', type: 'members', default: { kind: 'literal', value: [tenant.admin] } },
    ],
  });
  const ctx = await tenant.ctx();
  const { id } = await engine.get(RecordWriter).writeOne(ctx, { formId: form.id, op: 'create', row: { values: {} } });
  const { values } = await engine.get(RecordReader).get(ctx, form.id, id);
  expect(values).toMatchObject({
    mates: [{ id: tenant.admin }],
    parts: [{ id: departmentId, label: '销售部' }],
    day: '2026-03-04',
    time: '07:30',
    exact: '07:30:00',
    place: { province: '浙江省' },
    also: [{ id: tenant.admin }],
  });
});

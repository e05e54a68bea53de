import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId } from '@lianke/shared/ids';
import { settle, sound } from './paired-world.js';
import type { TestAccount, WholeApp } from './whole-app.js';

type Account = Omit<TestAccount, 'adminRoleId'>;

/** What nobody but 总监 and the administrators may read, wherever it turns up. */
export const secret = 'z900底';

/**
 * A company with colleagues who want more than is theirs. 客户 stand in 销售: 王芳 and 赵敏 see those they own or help with,
 * never 底价, phones with stars; 总监 sees all. 工单 stand in 服务, which 李工 administers; each names a customer.
 */
export interface AttackWorld {
  admin: TestAccount;
  /** 王芳, her colleague 赵敏, the head, the administrator of 服务, and who manages members. */
  rep: Account;
  peer: Account;
  head: Account;
  steward: Account;
  personnel: Account;
  customers: FormView;
  tickets: FormView;
  sales: string;
  service: string;
  post(url: string, body: unknown): Promise<ReturnType<typeof JSON.parse>>;
  /** A record of 客户 that the administrator makes. */
  customer(values: object): Promise<string>;
  role(name: string, permissions: object): Promise<string>;
  member(name: string, roleIds: string[]): Promise<Account>;
}

const text = (key: string, name: string) => ({ key, name, type: 'text' });

export async function attackWorld(whole: WholeApp, key: string): Promise<AttackWorld> {
  const admin = await whole.company(key, '公司');
  const post = async (url: string, body: unknown) => sound(await admin.call('POST', `/api/v1${url}`, body)).json;
  const role = async (name: string, permissions: object) => (await post('/roles', { name, permissions })).id as string;
  const member = async (name: string, roleIds: string[]) =>
    whole.account(admin.tenantId, (await post('/members', { name, roleIds })).id as MemberId);
  const sales = (await post('/apps', { name: '销售' })).id as string;
  const service = (await post('/apps', { name: '服务' })).id as string;
  const customers = await post('/forms', {
    appId: sales,
    key: 'customer',
    name: '客户',
    fields: [
      ...[text('name', '名称'), text('secret', '底价'), { key: 'phone', name: '电话', type: 'phone' }],
      { key: 'helper', name: '协作人', type: 'member' },
      { key: 'photo', name: '合同照片', type: 'attachment' },
      { key: 'paper', name: '资料', type: 'attachment' },
    ],
  });
  const tickets = await post('/forms', {
    appId: service,
    key: 'ticket',
    name: '工单',
    fields: [
      text('note', '内容'),
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id, onDelete: 'detach' } },
      { key: 'price', name: '客户底价', type: 'lookup', config: { relation: 'customer', field: 'secret' } },
    ],
  });
  const limits = { secret: 'hidden', phone: 'masked', photo: 'hidden' };
  const reps = await role('销售', {
    forms: {
      [customers.id]: {
        ...{ actions: ['view', 'create', 'edit', 'share', 'print'], scope: 'own', fields: limits },
        filter: { field: 'helper', op: 'eq', value: { me: true } },
      },
    },
  });
  const heads = await role('总监', { forms: { [customers.id]: { actions: ['view', 'edit'], scope: 'all' } } });
  const personnel = await role('人事', { members: true });
  const [rep, peer] = [await member('王芳', [reps]), await member('赵敏', [reps])];
  const steward = await member('李工', [reps]);
  await post(`/apps/${service}/access`, { visibleTo: null, admins: [{ kind: 'member', id: steward.memberId }] });
  return {
    ...{ admin, rep, peer, steward, customers, tickets, sales, service, post, role, member },
    head: await member('总监', [heads]),
    personnel: await member('人事', [personnel]),
    customer: async (values) => {
      const { id } = await post(`/forms/${customers.id}/records`, { values });
      await settle(whole);
      return id;
    },
  };
}

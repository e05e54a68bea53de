import type { FormView } from '@lianke/shared/forms/definition';
import type { DepartmentId, MemberId, RecordId, RoleId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { type RolePermissions, rolePermissions } from '@lianke/shared/org/api';
import type { TenantContext } from '../../src/engine/context.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { Database } from '../../src/kernel/database/database.js';
import { AppError } from '../../src/kernel/errors/app-error.js';
import { uuid7 } from '../../src/kernel/ids/uuid7.js';
import { Oracle } from './access-oracle.js';
import { answerOf, questionOf } from './access-world-questions.js';
import { grades, thrownGrant, throwPools, throwShares } from './access-world-rights.js';
import { Dice } from './dice.js';
import { createTestEngine, type TestEngine, type TestTenant } from './engine.js';
import type { OracleForm, Row } from './oracle-rights.js';

/** A company whose roles and rows are thrown anew again and again, beside the oracle that knows all of them. */
export class AccessWorld {
  readonly dice: Dice;
  readonly departments: DepartmentId[] = [];
  readonly members: MemberId[] = [];
  readonly roles: RoleId[] = [];
  reader!: MemberId;
  oracle!: Oracle;
  private forms: { customer: FormView; visit: FormView } | undefined;

  private constructor(
    random: () => number,
    readonly engine: TestEngine,
    readonly tenant: TestTenant,
  ) {
    this.dice = new Dice(random);
  }

  static async create(random: () => number): Promise<AccessWorld> {
    const engine = await createTestEngine();
    const tenant = await engine.tenant('oracle');
    const world = new AccessWorld(random, engine, tenant);
    await world.people();
    return world;
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  need(): { customer: FormView; visit: FormView } {
    if (!this.forms) throw new Error('no rows yet');
    return this.forms;
  }

  ctx(): Promise<TenantContext> {
    return this.tenant.ctx(this.reader);
  }

  /** 总部 ─ 华东 ─ 上海, 总部 ─ 华南; two members each, some in two departments. */
  private async people(): Promise<void> {
    const org = this.engine.get(OrgService);
    const ctx = { tenantId: this.tenant.id };
    const a = await org.createDepartment(ctx, { name: '总部' });
    const east = await org.createDepartment(ctx, { name: '华东', parentId: a });
    const city = await org.createDepartment(ctx, { name: '上海', parentId: east });
    const south = await org.createDepartment(ctx, { name: '华南', parentId: a });
    this.departments.push(a, east, city, south);
    for (let at = 0; at < 6; at++) {
      const main = this.departments[at % 4] as DepartmentId;
      const second = at === 5 ? [city] : [];
      this.members.push(
        await org.createMember(ctx, {
          name: `成员${at}`,
          departmentIds: [main, ...second.filter((id) => id !== main)],
        }),
      );
    }
    for (let at = 0; at < 4; at++)
      this.roles.push(await org.createRole(ctx, { name: `角色${at}`, permissions: rolePermissions.parse({}) }));
  }

  /** New forms with new rows; rights follow. */
  async newRows(): Promise<void> {
    const appId = await this.tenant.app(`应用 ${uuid7().slice(-6)}`);
    const options = grades.map((id) => ({ id, label: `${id}级` }));
    const shared = [
      { key: 'name', name: '名称', type: 'text' as const },
      { key: 'phone', name: '电话', type: 'phone' as const },
      { key: 'amount', name: '金额', type: 'money' as const },
      { key: 'grade', name: '等级', type: 'select' as const, config: { options } },
      { key: 'helper', name: '协助人', type: 'member' as const },
      { key: 'mates', name: '团队', type: 'members' as const },
    ];
    const customer = await this.tenant.form({ appId, name: '客户', fields: shared });
    const visit = await this.tenant.form({
      appId,
      name: '跟进',
      fields: [
        ...shared,
        { key: 'customer', name: '客户', type: 'relation', config: { formId: customer.id, onDelete: 'detach' } },
      ],
    });
    this.forms = { customer, visit };
    const customers = await this.fill(customer, 24, []);
    const visits = await this.fill(visit, 40, customers);
    const form = (view: FormView, rows: Row[]): OracleForm => ({
      id: view.id,
      fields: view.fields.map((field) => ({ id: field.id, key: field.key })),
      rows,
    });
    const mains = this.members.map((id, at) => [id as string, this.departments[at % 4] as string] as const);
    this.oracle = new Oracle(
      { customer: form(customer, customers), visit: form(visit, visits) },
      {
        departments: new Map(
          [
            [this.departments[0], null],
            [this.departments[1], this.departments[0]],
            [this.departments[2], this.departments[1]],
            [this.departments[3], this.departments[0]],
          ].map(([id, parent]) => [String(id), parent === null ? null : String(parent)]),
        ),
        mains: new Map(mains),
      },
    );
  }

  private async fill(form: FormView, count: number, customers: readonly Row[]): Promise<Row[]> {
    const system = await this.tenant.ctx({ kind: 'system', name: 'seed' });
    const rows = Array.from({ length: count }, () => {
      const owner = this.dice.chance(0.9) ? this.dice.pick(this.members) : null;
      const customer = customers.length > 0 && this.dice.chance(0.85) ? this.dice.pick(customers).id : null;
      return {
        name: this.dice.chance(0.95) ? `n${String(this.dice.int(30)).padStart(2, '0')}` : null,
        phone: this.dice.chance(0.7) ? [`1380000${String(1000 + this.dice.int(20))}`] : null,
        amount: this.dice.chance(0.8) ? String(this.dice.int(9) * 100) : null,
        grade: this.dice.chance(0.85) ? this.dice.pick(grades) : null,
        helper: this.dice.chance(0.3) ? this.dice.pick(this.members) : null,
        mates: this.dice.chance(0.3) ? [this.dice.pick(this.members)] : null,
        owner,
        ...(customers.length > 0 ? { customer } : {}),
      };
    });
    const { results } = await this.engine
      .get(RecordWriter)
      .write(system, { formId: form.id, op: 'create', rows: rows.map((values) => ({ values: values as never })) });
    const ids = results.map((result) => result.id as RecordId);
    const stored = await this.engine
      .get(Database)
      .withTenant(system, (tx) => this.engine.get(RecordReader).stored(tx, system, form.id, ids));
    const dept = new Map(stored.map((record) => [record.id as string, record.values.department as string | null]));
    return rows.map((values, at) => ({ ...values, id: ids[at] as string, dept: dept.get(ids[at] as string) ?? null }));
  }

  /** Thrown roles, a reader with some of them, and shares. */
  async newRights(): Promise<void> {
    const forms = this.need();
    const org = this.engine.get(OrgService);
    const ctx = { tenantId: this.tenant.id };
    const permissions = new Map<RoleId, RolePermissions>();
    for (const role of this.roles) {
      const rights = rolePermissions.parse({
        design: this.dice.chance(0.04),
        forms: {
          ...(this.dice.chance(0.85) ? { [forms.customer.id]: thrownGrant(this, forms.customer) } : {}),
          ...(this.dice.chance(0.85) ? { [forms.visit.id]: thrownGrant(this, forms.visit) } : {}),
        },
      });
      permissions.set(role, rights);
      await org.updateRole(ctx, role, { permissions: rights });
    }
    this.reader = this.dice.pick(this.members);
    const held = this.roles.filter(() => this.dice.chance(0.55));
    await org.updateMember(ctx, this.reader, { roleIds: held });
    const shares = await throwShares(this);
    const pools = await throwPools(this);
    const at = this.members.indexOf(this.reader);
    const departments = [this.departments[at % 4] as string, ...(at === 5 ? [this.departments[2] as string] : [])];
    this.oracle.rights = {
      me: this.reader,
      departments,
      roles: held,
      grants: new Map(held.map((role) => [role as string, permissions.get(role) as RolePermissions])),
      shares,
      pools,
    };
  }

  /** One random query, as the engine and as the oracle answer it: a code when it is refused. */
  async ask(): Promise<{ question: string; expected: string | Json[]; actual: string | Json[] }> {
    const asked = questionOf(this);
    const expected = this.oracle.answer(asked);
    const actual = await answerOf(this, asked).catch((error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    });
    return { question: JSON.stringify(asked), expected, actual };
  }
}

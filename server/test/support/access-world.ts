import type { ErrorCode } from '@lianke/shared/errors/codes';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormAction, FormView } from '@lianke/shared/forms/definition';
import type { DepartmentId, FormId, MemberId, RecordId, RoleId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { type FieldRight, type FormGrant, type RolePermissions, rolePermissions } from '@lianke/shared/org/api';
import { expect } from 'vitest';
import { AccessService } from '../../src/engine/access/access.service.js';
import { ExplainService } from '../../src/engine/access/explain.service.js';
import type { TenantContext } from '../../src/engine/context.js';
import { FormRegistry } from '../../src/engine/forms/form-registry.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { RecordReader } from '../../src/engine/records/record-reader.js';
import { RecordWriter } from '../../src/engine/records/record-writer.js';
import { bumpAccess } from '../../src/engine/versions.js';
import { Database } from '../../src/kernel/database/database.js';
import { AppError } from '../../src/kernel/errors/app-error.js';
import { uuid7 } from '../../src/kernel/ids/uuid7.js';
import { Oracle, type OracleForm, type Pool, type Question, type Row } from './access-oracle.js';
import { createTestEngine, type TestEngine, type TestTenant } from './engine.js';

const grades = ['A', 'B', 'C'];
const actions: readonly FormAction[] = ['view', 'create', 'edit', 'delete', 'export', 'share'];

/** A company whose roles and rows are thrown anew again and again, beside the oracle that knows all of them. */
export class AccessWorld {
  private forms: { customer: FormView; visit: FormView } | undefined;
  private departments: DepartmentId[] = [];
  private members: MemberId[] = [];
  private roles: RoleId[] = [];
  private reader!: MemberId;
  private oracle!: Oracle;

  private constructor(
    private readonly random: () => number,
    private readonly engine: TestEngine,
    private readonly tenant: TestTenant,
  ) {}

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

  private int(n: number): number {
    return Math.floor(this.random() * n);
  }

  private pick<T>(list: readonly T[]): T {
    const item = list[this.int(list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  /** 总部 ─ 华东 ─ 上海, 总部 ─ 华南; two members each, some in two departments. */
  private async people(): Promise<void> {
    const org = this.engine.get(OrgService);
    const ctx = { tenantId: this.tenant.id };
    const a = await org.createDepartment(ctx, { name: '总部' });
    const east = await org.createDepartment(ctx, { name: '华东', parentId: a });
    const city = await org.createDepartment(ctx, { name: '上海', parentId: east });
    const south = await org.createDepartment(ctx, { name: '华南', parentId: a });
    this.departments = [a, east, city, south];
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
      const owner = this.chance(0.9) ? this.pick(this.members) : null;
      const customer = customers.length > 0 && this.chance(0.85) ? this.pick(customers).id : null;
      return {
        name: this.chance(0.95) ? `n${String(this.int(30)).padStart(2, '0')}` : null,
        phone: this.chance(0.7) ? [`1380000${String(1000 + this.int(20))}`] : null,
        amount: this.chance(0.8) ? String(this.int(9) * 100) : null,
        grade: this.chance(0.85) ? this.pick(grades) : null,
        helper: this.chance(0.3) ? this.pick(this.members) : null,
        mates: this.chance(0.3) ? [this.pick(this.members)] : null,
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
        design: this.chance(0.04),
        forms: {
          ...(this.chance(0.85) ? { [forms.customer.id]: this.grant(forms.customer) } : {}),
          ...(this.chance(0.85) ? { [forms.visit.id]: this.grant(forms.visit) } : {}),
        },
      });
      permissions.set(role, rights);
      await org.updateRole(ctx, role, { permissions: rights });
    }
    this.reader = this.pick(this.members);
    const held = this.roles.filter(() => this.chance(0.55));
    await org.updateMember(ctx, this.reader, { roleIds: held });
    const shares = await this.throwShares();
    const pools = await this.throwPools();
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

  private grant(form: FormView): Partial<FormGrant> {
    const relations = form.fields.filter((field) => field.type === 'relation').map((field) => field.id);
    const fields = this.fieldRights(form, 0.25, ['read', 'masked', 'hidden']);
    return {
      actions: actions.filter((action) => this.chance(action === 'view' ? 0.85 : 0.5)),
      scope: this.pick(['all', 'departmentAndBelow', 'department', 'own', 'own', 'none', 'none'] as const),
      ...(this.chance(0.25) ? { involved: true } : {}),
      ...(relations.length > 0 && this.chance(0.4) ? { inherit: relations } : {}),
      ...(this.chance(0.3) ? { filter: this.ruleFilter(form) } : {}),
      fields,
      ...(this.chance(0.2)
        ? {
            deny: {
              actions: actions.filter(() => this.chance(0.08)),
              ...(this.chance(0.5) ? { filter: this.ruleFilter(form) } : {}),
              fields: this.fieldRights(form, 0.12, ['read', 'masked', 'hidden']) as never,
            },
          }
        : {}),
    };
  }

  private fieldRights(form: FormView, share: number, rights: readonly FieldRight[]): Record<string, FieldRight> {
    const able = form.fields.filter((field) => !field.system || field.key === 'owner');
    return Object.fromEntries(
      able.filter(() => this.chance(share)).map((field) => [field.id as string, this.pick(rights)]),
    );
  }

  private ruleFilter(form: FormView): Filter {
    const own: Filter[] = [
      { field: 'grade', op: 'eq', value: this.pick(grades) },
      { field: 'amount', op: 'gte', value: String(this.int(8) * 100) },
      { field: 'helper', op: 'eq', value: { me: true } as never },
    ];
    const path: Filter = { field: 'customer.grade', op: 'eq', value: this.pick(grades) };
    return form.fields.some((field) => field.key === 'customer') && this.chance(0.3) ? path : this.pick(own);
  }

  private async throwShares(): Promise<Oracle['rights']['shares']> {
    const forms = this.need();
    const now = new Date('2026-03-04T02:00:00Z').getTime();
    const shares: Oracle['rights']['shares'] = [];
    for (const key of ['customer', 'visit'] as const)
      for (const row of this.oracle.forms[key].rows)
        if (this.chance(0.08))
          shares.push({
            id: uuid7(),
            formId: forms[key].id,
            recordId: row.id,
            to: this.pick<string>([...this.members, ...this.departments, ...this.roles]),
            level: this.chance(0.5) ? 'write' : 'read',
            expires: this.chance(0.3) ? now + (this.chance(0.5) ? -1 : 1) * 86_400_000 : null,
          });
    await this.engine.get(Database).withTenant({ tenantId: this.tenant.id }, async (tx) => {
      await tx.run('DELETE FROM lianke.record_share');
      for (const share of shares)
        await tx.run(
          `INSERT INTO lianke.record_share (tenant_id, id, form_id, record_id, principal_kind, principal_id, level, expires_at, created_by, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
          [
            this.tenant.id,
            share.id,
            share.formId,
            share.recordId,
            this.kindOf(share.to),
            share.to,
            share.level,
            share.expires === null ? null : new Date(share.expires),
            this.tenant.admin,
            new Date(now),
          ],
        );
      await bumpAccess(tx, this.tenant.id);
    });
    return shares.filter((share) => share.expires === null || share.expires > now);
  }

  private async throwPools(): Promise<Oracle['rights']['pools']> {
    const forms = this.need();
    const people = (): string[] =>
      Array.from({ length: this.int(3) }, () =>
        this.pick<string>([...this.members, ...this.departments, ...this.roles]),
      );
    const pools: Oracle['rights']['pools'] = {};
    for (const key of ['customer', 'visit'] as const) {
      if (this.chance(0.4)) continue;
      const open = forms[key].fields.filter((field) => !field.system && this.chance(0.6));
      const fields = open.map((field) => [
        field.id,
        ['name', 'phone'].includes(field.key) && this.chance(0.4) ? ('masked' as const) : ('read' as const),
      ]);
      const pool: Pool = {
        claimers: this.chance(0.6) ? null : people(),
        managers: people(),
        fields: this.chance(0.75) ? Object.fromEntries(fields) : null,
      };
      pools[key] = pool;
    }
    const named = (ids: string[]) => ids.map((id) => ({ kind: this.kindOf(id), id }));
    await this.engine.get(Database).withTenant({ tenantId: this.tenant.id }, async (tx) => {
      await tx.run('DELETE FROM lianke.pool');
      for (const [key, { claimers, managers, fields }] of Object.entries(pools))
        await tx.run('INSERT INTO lianke.pool (tenant_id, form_id, settings) VALUES ($1, $2, $3)', [
          this.tenant.id,
          forms[key as 'customer' | 'visit'].id,
          JSON.stringify({ on: true, claimers: claimers && named(claimers), managers: named(managers), fields }),
        ]);
      await bumpAccess(tx, this.tenant.id);
    });
    return pools;
  }

  private kindOf(id: string): 'member' | 'department' | 'role' {
    if (this.members.includes(id as MemberId)) return 'member';
    return this.departments.includes(id as DepartmentId) ? 'department' : 'role';
  }

  private need(): { customer: FormView; visit: FormView } {
    if (!this.forms) throw new Error('no rows yet');
    return this.forms;
  }

  private ctx(): Promise<TenantContext> {
    return this.tenant.ctx(this.reader);
  }

  /** One random query, as the engine and as the oracle answer it: a code when it is refused. */
  async ask(): Promise<{ question: string; expected: string | Json[]; actual: string | Json[] }> {
    const question = this.question();
    const expected = this.oracle.answer(question);
    const actual = await this.answer(question).catch((error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    });
    return { question: JSON.stringify(question), expected, actual };
  }

  private question(): Question {
    const form = this.chance(0.5) ? ('customer' as const) : ('visit' as const);
    const filter = this.chance(0.6) ? this.askedFilter(form) : undefined;
    const search = this.chance(0.15) ? `n${this.int(3)}` : undefined;
    const kind = this.pick([
      'list',
      'list',
      'list',
      'pool',
      'pool',
      'aggregate',
      'aggregate',
      'get',
      'may',
      'write',
    ] as const);
    const rows = this.oracle.forms[form].rows;
    const record = this.pick(rows).id;
    switch (kind) {
      case 'pool':
      case 'list': {
        const sorts = ['amount', 'name', 'grade', ...(form === 'visit' ? ['customer.amount', 'customer.name'] : [])];
        const sort = this.chance(0.8) ? [{ field: this.pick(sorts), dir: this.pick(['asc', 'desc'] as const) }] : [];
        return { kind, form, filter, search, sort };
      }
      case 'aggregate': {
        const groups = ['grade', 'helper', ...(form === 'visit' ? ['customer.grade', 'customer'] : [])];
        const group = this.chance(0.8) ? this.pick(groups) : undefined;
        return { kind, form, filter, search, group, sum: this.chance(0.5) };
      }
      case 'get':
        return { kind, form, record };
      case 'may':
        return { kind, form, record, action: this.pick(['edit', 'delete', 'export', 'share'] as const) };
      case 'write': {
        const value = this.pick<Record<string, string>>([
          { grade: this.pick(grades) },
          { owner: this.pick(this.members) as string },
          { amount: String(this.int(9) * 100) },
        ]);
        return { kind, form, record, values: value };
      }
    }
  }

  private askedFilter(form: 'customer' | 'visit'): Filter {
    const leaf = (): Filter =>
      this.pick<Filter>([
        { field: 'grade', op: this.pick(['eq', 'ne'] as const), value: this.pick(grades) },
        { field: 'amount', op: this.pick(['gte', 'lt'] as const), value: String(this.int(8) * 100) },
        { field: 'name', op: 'contains', value: String(this.int(10)) },
        { field: 'owner', op: 'eq', value: this.pick(this.members) },
        { field: 'phone', op: 'contains', value: `10${this.int(10)}` },
        ...(form === 'visit'
          ? ([
              { field: 'customer.grade', op: 'eq', value: this.pick(grades) },
              { field: 'customer.amount', op: 'gte', value: String(this.int(8) * 100) },
              { field: 'customer', op: 'notEmpty' },
            ] as Filter[])
          : []),
      ]);
    const shape = this.int(4);
    if (shape === 0) return { and: [leaf(), leaf()] };
    if (shape === 1) return { or: [leaf(), leaf()] };
    return shape === 2 ? { not: leaf() } : leaf();
  }

  private async answer(question: Question): Promise<Json[]> {
    const ctx = await this.ctx();
    const reader = this.engine.get(RecordReader);
    const formId = this.need()[question.form].id as FormId;
    const { filter, search } = 'filter' in question ? question : { filter: undefined, search: undefined };
    const narrowed = { ...(filter ? { filter } : {}), ...(search ? { search } : {}) };
    switch (question.kind) {
      case 'pool':
      case 'list': {
        const doing = question.kind === 'pool' ? 'pool' : 'view';
        const rows: Json[] = [];
        let cursor: string | undefined;
        let total: unknown;
        do {
          const asked = {
            ...narrowed,
            sort: [...question.sort, { field: 'createdAt', dir: 'asc' as const }],
            limit: 7,
            total: true,
            ...(cursor ? { cursor } : {}),
          };
          const page = await reader.query(ctx, formId, asked, doing);
          total = page.total;
          rows.push(...page.items.map((item) => this.plain(item)));
          cursor = page.cursor ?? undefined;
        } while (cursor);
        expect(total).toBe(rows.length);
        return rows;
      }
      case 'aggregate': {
        const items = await reader.aggregate(ctx, formId, {
          ...narrowed,
          groupBy: question.group ? [{ field: question.group }] : [],
          metrics: [
            { fn: 'count', as: 'n' },
            ...(question.sum ? [{ fn: 'sum' as const, field: 'amount', as: 'sum' }] : []),
          ],
          sort: [],
          limit: 200,
        });
        const told = items.map((item): Json => {
          const group = item.groups[0] ?? null;
          const key = group !== null && typeof group === 'object' ? (group as { id: string }).id : group;
          const sum = item.metrics.sum ?? null;
          return {
            group: question.group ? (key as Json) : null,
            n: item.metrics.n as number,
            ...(question.sum ? { sum: sum === null ? null : Number(sum) } : {}),
          };
        });
        return told.sort(byText);
      }
      case 'get':
        return [this.plain(await reader.get(ctx, formId, question.record as RecordId))];
      case 'may':
        await reader.requireAction(ctx, formId, question.record as RecordId, question.action);
        return [true];
      case 'write': {
        const { results } = await this.engine.get(RecordWriter).write(ctx, {
          formId,
          op: 'update',
          rows: [{ id: question.record as RecordId, values: question.values as never }],
        });
        const [result] = results;
        if (result?.status === 'failed') throw new AppError((result.error?.code ?? 'internal') as ErrorCode);
        this.oracle.wrote(question);
        return [result?.status ?? 'none'];
      }
    }
  }

  private plain(item: { id: string; label: string; values: Record<string, unknown> }): Json {
    const bare = (value: unknown): Json =>
      value !== null && typeof value === 'object' && 'id' in value
        ? String((value as { id: string }).id)
        : Array.isArray(value)
          ? value.map(bare)
          : (value as Json);
    const kept = ['name', 'phone', 'amount', 'grade', 'helper', 'mates', 'owner', 'customer'];
    const values = Object.fromEntries(
      Object.entries(item.values).flatMap(([key, value]) => (kept.includes(key) ? [[key, bare(value)]] : [])),
    );
    if (typeof values.amount === 'string') values.amount = String(Number(values.amount));
    return { id: item.id, label: item.label, values };
  }

  /**
   * One decision with its rules: the explanation says what the engine does, and taking away the rules that carry an
   * allowed part one by one leaves it standing until the last; taking away what forbids it leaves nothing forbidding.
   * @returns how many rules were taken away
   */
  async checkExplanation(where: string): Promise<number> {
    const key = this.chance(0.5) ? ('customer' as const) : ('visit' as const);
    const form = this.need()[key];
    const recordId = this.pick(this.oracle.forms[key].rows).id as RecordId;
    const action = this.pick(['view', 'view', 'edit', 'delete', 'export'] as const);
    const able = form.fields.filter((field) => !field.system);
    const field = this.chance(0.5) ? this.pick(able).key : undefined;
    const asked = { memberId: this.reader, formId: form.id, recordId, action, ...(field ? { field } : {}) };
    const explain = async () => this.engine.get(ExplainService).explain(await this.tenant.ctx(), asked);
    const label = `${where}: ${JSON.stringify(asked)}`;
    const before = await explain();
    expect(before.allowed, label).toBe(await this.decides(form, recordId, action, field));
    let removed = 0;
    for (const part of before.parts) {
      const held = await this.permissions();
      for (const [at, rule] of part.rules.entries()) {
        await this.take(rule.id);
        removed++;
        const now = await explain();
        const same = now.parts.find((item) => item.part === part.part);
        // Without the right to act at all the rows are not asked any more.
        const stands = same?.allowed ?? false;
        const last = at === part.rules.length - 1;
        if (part.allowed) expect(stands, `${label} without ${rule.id}`).toBe(!last);
        else if (last)
          expect(
            (same?.rules ?? []).filter((item) => item.effect === 'deny'),
            label,
          ).toEqual([]);
        expect(now.allowed, `${label} without ${rule.id}`).toBe(await this.decides(form, recordId, action, field));
      }
      await this.putBack(held);
    }
    return removed;
  }

  private async decides(
    form: FormView,
    recordId: RecordId,
    action: FormAction,
    fieldKey: string | undefined,
  ): Promise<boolean> {
    const ctx = await this.ctx();
    const reader = this.engine.get(RecordReader);
    const may = await reader.requireAction(ctx, form.id, recordId, action).then(
      () => true,
      () => false,
    );
    if (!may || fieldKey === undefined) return may;
    const access = await this.engine.get(AccessService).ofForm(ctx, form.id);
    const view = (await this.engine.get(RecordReader).get(ctx, form.id, recordId)).values;
    const meta = (await this.engine.get(FormRegistry).form(ctx, form.id)).field(fieldKey);
    if (!meta) return false;
    return action === 'edit' ? access.mayWrite(meta) : fieldKey in view && access.sees(meta);
  }

  private async permissions(): Promise<Map<RoleId, RolePermissions>> {
    const rows = await this.engine
      .get(Database)
      .withTenant({ tenantId: this.tenant.id }, (tx) =>
        tx.sql<{ id: RoleId; permissions: RolePermissions }>(
          'SELECT id, permissions FROM lianke.role WHERE id = ANY($1::uuid[])',
          [this.roles],
        ),
      );
    return new Map(rows.map((row) => [row.id, rolePermissions.parse(row.permissions)]));
  }

  private async putBack(held: Map<RoleId, RolePermissions>): Promise<void> {
    for (const [id, permissions] of held)
      await this.engine.get(OrgService).updateRole({ tenantId: this.tenant.id }, id, { permissions });
    await this.engine.get(Database).withTenant({ tenantId: this.tenant.id }, async (tx) => {
      await tx.run(`UPDATE lianke.record_share SET expires_at = NULL WHERE cause = 'taken'`);
      await tx.run(`UPDATE lianke.record_share SET cause = '' WHERE cause = 'taken'`);
      await tx.run(`UPDATE lianke.pool SET settings = settings || '{"on": true}'`);
      await bumpAccess(tx, this.tenant.id);
    });
  }

  /** Takes one rule away, by its id. */
  private async take(ruleId: string): Promise<void> {
    const [kind, id = '', ...rest] = ruleId.split(':');
    if (kind === 'pool') {
      await this.engine.get(Database).withTenant({ tenantId: this.tenant.id }, async (tx) => {
        await tx.run(`UPDATE lianke.pool SET settings = settings || '{"on": false}' WHERE form_id = $1`, [id]);
        await bumpAccess(tx, this.tenant.id);
      });
      return;
    }
    if (kind === 'share') {
      await this.engine.get(Database).withTenant({ tenantId: this.tenant.id }, async (tx) => {
        await tx.run(`UPDATE lianke.record_share SET expires_at = '2020-01-01', cause = 'taken' WHERE id = $1`, [id]);
        await bumpAccess(tx, this.tenant.id);
      });
      return;
    }
    const permissions = (await this.permissions()).get(id as RoleId);
    if (kind !== 'role' || !permissions) throw new Error(`what is ${ruleId}?`);
    const [scope, formId = '', ...what] = rest;
    const grant = permissions.forms[formId];
    if (scope === 'design') permissions.design = false;
    else if (grant) permissions.forms[formId] = without(grant, what);
    else throw new Error(`what is ${ruleId}?`);
    await this.engine.get(OrgService).updateRole({ tenantId: this.tenant.id }, id as RoleId, { permissions });
  }
}

function without(grant: FormGrant, [effect, name = '', what = '']: string[]): FormGrant {
  const { filter, deny, ...rest } = grant;
  const kept: FormGrant = { ...rest, ...(filter ? { filter } : {}), ...(deny ? { deny } : {}) };
  if (effect === 'deny' && deny) {
    const { filter: except, ...others } = deny;
    const fields = Object.fromEntries(Object.entries(deny.fields).filter(([id]) => name !== 'field' || id !== what));
    const left = deny.actions.filter((action) => name !== 'action' || action !== what);
    const still = except && name !== 'filter' ? { filter: except } : {};
    return { ...kept, deny: { ...others, actions: left, fields, ...still } };
  }
  switch (name) {
    case 'field':
      return { ...kept, fields: { ...kept.fields, [what]: 'hidden' } };
    case 'action':
      return { ...kept, actions: kept.actions.filter((action) => action !== what) };
    case 'scope':
      return { ...kept, scope: 'none' };
    case 'inherit':
      return { ...kept, inherit: (kept.inherit ?? []).filter((id) => id !== what) };
    case 'involved':
      return { ...kept, involved: false };
    case 'filter':
      return { ...rest, ...(deny ? { deny } : {}) };
    default:
      throw new Error(`what is ${name}?`);
  }
}

function byText(a: Json, b: Json): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

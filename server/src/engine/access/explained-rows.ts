import type { ExplainedRule, Explanation, ShareCause } from '@lianke/shared/access/api';
import type { Principal } from '@lianke/shared/apps/access';
import type { FormAction } from '@lianke/shared/forms/definition';
import type { RecordId, ShareId } from '@lianke/shared/ids';
import type { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { saidIn } from '../../kernel/errors/said.js';
import { languageIn, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { caseSql, filterSql } from '../records/sql/filter-sql.js';
import { Params } from '../records/sql/params.js';
import type { ReadScope } from '../records/sql/read-scope.js';
import { type AccessGround, designsApp } from './access.service.js';
import { blind, casesOf } from './combine-grants.js';
import { type Everything, gives, grantRule, type HeldGrant } from './explain.service.js';
import { fullAccess, type ScopeCase } from './form-access.js';
import { hidesRows } from './pool-access.js';
import { labelOf } from './principals.js';
import { causeOf } from './share-causes.js';

interface Candidate {
  rule: ExplainedRule;
  /** Condition over `t`; undefined: holds for every row. */
  sql: string | undefined;
}

interface SharedTo {
  id: ShareId;
  principal_kind: Principal['kind'];
  principal_id: string;
  cause: string;
  cause_kind: ShareCause;
}

/** Which rules let a record be among the rows of an action, asked of the database one by one. */
export class ExplainedRows {
  private readonly params = new Params();

  constructor(
    private readonly database: Database,
    private readonly ctx: TenantContext,
    private readonly ground: AccessGround,
    private readonly form: FormMeta,
    private readonly scope: ReadScope,
  ) {}

  async part(
    recordId: RecordId,
    action: FormAction,
    grants: readonly HeldGrant[],
    { admin, design }: Everything,
  ): Promise<Explanation['parts'][number]> {
    const giving = grants.filter((held) => gives(held.grant, action));
    const pool = this.keptInPool(action);
    const designs = designsApp(this.ground, this.form.appId);
    const candidates = [
      ...giving.flatMap((held) => this.ofGrant(held)),
      ...(giving.length > 0 ? await this.ofShares(recordId, action) : []),
      ...grants.flatMap((held) => this.exceptions(held)),
      ...(pool ? [pool] : []),
    ];
    const columns = candidates.map(({ sql }, at) => `${sql === undefined ? 'true' : `(${sql}) IS TRUE`} AS c${at}`);
    const text = `SELECT ${['t.id', ...columns].join(', ')} FROM ${this.form.table} t WHERE t.id = ${this.params.add(recordId, 'uuid')} AND t.deleted_at IS NULL`;
    const [row] = await this.database.withTenant(this.ctx, (tx) =>
      tx.sql<Record<string, unknown>>(text, this.params.values),
    );
    if (!row) throw new AppError('not_found');
    const holding = candidates.flatMap(({ rule }, at) => (row[`c${at}`] === true ? [rule] : []));
    const pooled = pool !== undefined && holding.includes(pool.rule);
    const denies = holding.filter((rule) => rule.effect === 'deny' && !(designs && rule === pool?.rule));
    // Of the pool's rows whoever designs sees them for that alone: without it his roles' rows would leave them out.
    const scopes = pooled && designs ? [] : holding.filter((rule) => rule.effect === 'allow');
    const allows = [...design, ...scopes];
    if (denies.length > 0)
      return admin.length > 0
        ? { part: 'rows', allowed: true, rules: admin }
        : { part: 'rows', allowed: false, rules: denies };
    const rules = [...admin, ...allows];
    return { part: 'rows', allowed: rules.length > 0, rules };
  }

  /**
   * Each source of rows of a grant is a rule of its own, also beside 全部; a department's scope holds also for what is
   * one's own.
   */
  private ofGrant(held: HeldGrant): Candidate[] {
    const { grant } = held;
    const rule = (kind: ExplainedRule['kind'], name: string, detail: string) =>
      grantRule(held, 'allow', kind, name, detail);
    const cases = casesOf(this.form, grant, this.ground.reader);
    const sqlOf = (kinds: readonly ScopeCase['kind'][]) =>
      cases.filter((item) => kinds.includes(item.kind)).map((item) => this.sql(item));
    const found: Candidate[] = [];
    if (grant.scope === 'all') found.push({ rule: rule('scope', 'scope', 'all'), sql: undefined });
    const scope = sqlOf(['own', 'departments']);
    if (scope.length > 0) found.push({ rule: rule('scope', 'scope', grant.scope), sql: scope.join(' OR ') });
    for (const item of cases) {
      if (item.kind === 'involved') found.push({ rule: rule('involved', 'involved', ''), sql: this.sql(item) });
      if (item.kind === 'filter') found.push({ rule: rule('filter', 'filter', ''), sql: this.sql(item) });
      if (item.kind === 'inherit') {
        const relation = this.form.field(item.relation);
        const name = `inherit:${item.relation}`;
        found.push({ rule: rule('inherit', name, relation?.name ?? ''), sql: this.sql(item) });
      }
    }
    return found;
  }

  /** Shares of the record that reach the member. */
  private async ofShares(recordId: RecordId, action: FormAction): Promise<Candidate[]> {
    if (action === 'create' || action === 'import') return [];
    const writing = !['view', 'print', 'export'].includes(action);
    const rows = await this.database.withTenant(this.ctx, (tx) =>
      tx.sql<SharedTo>(
        `SELECT id, principal_kind, principal_id, cause, cause_kind FROM lianke.record_share
         WHERE form_id = $1 AND record_id = $2 AND principal_id = ANY($3::uuid[]) AND (expires_at IS NULL OR expires_at > $4)
           AND (level = 'write' OR NOT $5::boolean)`,
        [this.form.id, recordId, [...this.ground.reader.principals], this.scope.env.now, writing],
      ),
    );
    return rows.map((row) => {
      const to = labelOf(this.ground.org, { kind: row.principal_kind, id: row.principal_id }) ?? '';
      const language = languageIn(this.ctx);
      const cause = saidIn(causeOf(row), language);
      const detail = cause === '' ? to : { zh: `${to}（${cause}）`, en: `${to} (${cause})` }[language];
      return { rule: { id: `share:${row.id}`, effect: 'allow', kind: 'shared', role: null, detail }, sql: undefined };
    });
  }

  private exceptions(held: HeldGrant): Candidate[] {
    const { filter } = held.grant.deny ?? {};
    if (!filter) return [];
    // As in `scopeSql`: prohibitions may use fields the member does not see.
    const sql = filterSql(filter, this.form, 't', { ...this.scope, accessOf: () => fullAccess }, this.params);
    return [{ rule: grantRule(held, 'deny', 'filter', 'filter', ''), sql }];
  }

  /** What the pool hides before claiming would show among the other rows; whoever designs sees it all the same. */
  private keptInPool(action: FormAction): Candidate | undefined {
    const { form, ground } = this;
    const settings = ground.rules.pools.get(form.id);
    if (!settings || blind.includes(action) || !hidesRows(settings, ground.reader.principals, false)) return undefined;
    const rule: ExplainedRule = { id: `pool:${form.id}`, effect: 'deny', kind: 'pool', role: null, detail: '' };
    return { rule, sql: this.sql({ kind: 'unowned' }) };
  }

  private sql(item: ScopeCase): string {
    return caseSql(item, this.form, 't', this.scope, this.params);
  }
}

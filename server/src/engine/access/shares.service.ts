import type { ShareBody, ShareCause, ShareView } from '@lianke/shared/access/api';
import type { Principal } from '@lianke/shared/apps/access';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { FormId, MemberId, RecordId, ShareId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { writeAudit } from '../audit/write-audit.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import type { Once } from '../idempotency/answer-once.js';
import { FormChanges } from '../live/form-changes.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { bumpAccess } from '../versions.js';
import { AccessService } from './access.service.js';
import { labelOf, requireKnown } from './principals.js';
import { causeOf } from './share-causes.js';

interface ShareRow {
  id: ShareId;
  form_id: FormId;
  record_id: RecordId;
  principal_kind: Principal['kind'];
  principal_id: string;
  level: ShareView['level'];
  cause: string;
  cause_kind: ShareCause;
  expires_at: string | null;
  created_by: MemberId;
  created_at: string;
}

const mostShares = 200;

const levels = {
  read: { zh: '查看', en: 'View' },
  write: { zh: '查看和修改', en: 'View and edit' },
} as const;

/**
 * Records opened one by one. A share adds the record to the rows its receiver sees (`read`) or may also change (`write`);
 * what he may do with rows and which fields he sees stays what his roles say. Every change takes effect at once.
 */
@Injectable()
export class SharesService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly changes: FormChanges,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Who else the record is open to, for whoever may share it. Shares that are over are gone. */
  async list(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<ShareView[]> {
    await this.reader.requireAction(ctx, formId, recordId, 'share');
    const org = await this.org.of(ctx);
    const rows = await this.database.withTenant(ctx, (tx) => this.running(tx, formId, recordId));
    return rows.map((row) => present(org, row, languageIn(ctx)));
  }

  /** Shares with each of the named; who has a share already gets this one instead. */
  async create(
    ctx: TenantContext,
    formId: FormId,
    recordId: RecordId,
    body: ShareBody,
    once?: Once<{ items: ShareView[]; cursor: null }>,
  ): Promise<ShareView[]> {
    const me = memberOf(ctx);
    if (me === null) throw refusal('forbidden', { zh: '共享数据', en: 'share records' });
    await this.reader.requireAction(ctx, formId, recordId, 'share');
    if (body.level === 'write') await this.reader.requireAction(ctx, formId, recordId, 'edit');
    const now = this.clock.now();
    if (body.expiresAt !== null && new Date(body.expiresAt) <= now)
      throw refusal('invalid_request', { zh: '到期时间要晚于现在', en: 'the expiry must lie in the future' });
    const form = await this.registry.form(ctx, formId);
    const org = await this.org.of(ctx);
    requireKnown(org, body.to);
    await this.requireReaders(ctx, org, form, body.to);
    const views = await this.database.withTenant(ctx, async (tx) => {
      await once?.open(tx);
      const rows = await this.insert(tx, ctx, form, recordId, body, me);
      const all = await this.running(tx, formId, recordId);
      if (all.length > mostShares)
        throw refusal('wrong_state', {
          zh: `一条数据最多共享给 ${mostShares} 个对象，请改为共享给部门或角色`,
          en: `a record can be shared with at most ${mostShares} members, departments or roles; share it with a department or a role instead`,
        });
      await writeAudit(tx, ctx, {
        action: 'records.share',
        object: recordId,
        detail: {
          form: form.name,
          formId,
          to: body.to,
          level: body.level,
          cause: body.cause,
          ...(body.causeKind === 'asked' ? { causeKind: body.causeKind } : {}),
          expiresAt: body.expiresAt,
        },
      });
      await this.tell(tx, ctx, org, form, recordId, rows);
      await bumpAccess(tx, ctx.tenantId);
      const views = all.map((row) => present(org, row, languageIn(ctx)));
      await once?.keep(tx, { items: views, cursor: null });
      return views;
    });
    // Lists and widgets that are open show the record without being asked to.
    this.changes.mark(ctx.tenantId, formId, false);
    return views;
  }

  /** Takes a share back: whoever made it may, and whoever may share the record. */
  async remove(ctx: TenantContext, id: ShareId): Promise<void> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ShareRow>('SELECT * FROM lianke.record_share WHERE id = $1', [id]),
    );
    if (!row) throw new AppError('not_found');
    if (row.created_by !== memberOf(ctx))
      await this.reader.requireAction(ctx, row.form_id, row.record_id, 'share').catch((error: unknown) => {
        // Who may not even see the record learns nothing of its shares.
        throw error instanceof AppError ? new AppError('not_found') : error;
      });
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('DELETE FROM lianke.record_share WHERE id = $1', [id]);
      await writeAudit(tx, ctx, {
        action: 'records.unshare',
        object: row.record_id,
        detail: { formId: row.form_id, to: { kind: row.principal_kind, id: row.principal_id } },
      });
      await bumpAccess(tx, ctx.tenantId);
    });
    this.changes.mark(ctx.tenantId, row.form_id, false);
  }

  private running(tx: Tx, formId: FormId, recordId: RecordId): Promise<ShareRow[]> {
    return tx.sql<ShareRow>(
      'SELECT * FROM lianke.record_share WHERE form_id = $1 AND record_id = $2 AND (expires_at IS NULL OR expires_at > $3) ORDER BY created_at, id',
      [formId, recordId, this.clock.now()],
    );
  }

  private async insert(
    tx: Tx,
    ctx: TenantContext,
    form: FormMeta,
    recordId: RecordId,
    body: ShareBody,
    me: MemberId,
  ): Promise<ShareRow[]> {
    return tx.sql<ShareRow>(
      `INSERT INTO lianke.record_share (tenant_id, id, form_id, record_id, principal_kind, principal_id, level, cause, cause_kind, expires_at, created_by, created_at)
       SELECT $1, i, $2, $3, k, p, $7, $8, $9, $10, $11, $12 FROM unnest($4::uuid[], $5::text[], $6::uuid[]) AS v(i, k, p)
       ON CONFLICT (tenant_id, record_id, principal_id) DO UPDATE SET level = excluded.level, cause = excluded.cause, cause_kind = excluded.cause_kind,
         expires_at = excluded.expires_at, created_by = excluded.created_by, created_at = excluded.created_at
       RETURNING *`,
      [
        ctx.tenantId,
        form.id,
        recordId,
        body.to.map(() => uuid7()),
        body.to.map((principal) => principal.kind),
        body.to.map((principal) => principal.id),
        body.level,
        body.cause,
        body.causeKind ?? 'typed',
        body.expiresAt,
        me,
        this.clock.now(),
      ],
    );
  }

  /** A share does not open a form: a member whose roles show him nothing of it would never see the record. */
  private async requireReaders(ctx: TenantContext, org: Org, form: FormMeta, to: readonly Principal[]): Promise<void> {
    for (const { kind, id } of to) {
      if (kind !== 'member') continue;
      const theirs: TenantContext = { ...ctx, actor: { kind: 'member', memberId: id as MemberId } };
      if (await this.access.can(theirs, form.id, 'view')) continue;
      const name = org.nameOf(id);
      throw refusal('invalid_request', {
        zh: `${name}的角色看不到“${form.name}”，共享给${name}也打不开；请先让管理员给${name}查看这个表单的权限`,
        en: `no role of ${name} lets them see "${form.name}", so ${name} could not open the record; have an administrator give ${name} the right to view this form first`,
      });
    }
  }

  /** Members named themselves get a message; it names the form only, the record tells what their roles let it tell. */
  private async tell(
    tx: Tx,
    ctx: TenantContext,
    org: Org,
    form: FormMeta,
    recordId: RecordId,
    rows: readonly ShareRow[],
  ): Promise<void> {
    const me = memberOf(ctx);
    for (const row of rows) {
      if (row.principal_kind !== 'member' || row.principal_id === me) continue;
      await this.notifier.enqueue(tx, ctx, {
        card: {
          kind: 'notice',
          title: {
            zh: `${org.nameOf(me)}与你共享了一条${form.name}数据`,
            en: `${org.nameOf(me)} shared a record of ${form.name} with you`,
          },
          description: causeOf(row),
          facts: [{ label: { zh: '权限', en: 'Right' }, value: levels[row.level] }],
          path: `/pages/record/index?formId=${form.id}&id=${recordId}`,
          buttons: [],
        },
        to: [row.principal_id as MemberId],
        key: `share:${row.id}:${new Date(row.created_at).getTime()}`,
        about: { kind: 'record', id: recordId },
        mergeable: true,
      });
    }
  }
}

function present(org: Org, row: ShareRow, language: Language): ShareView {
  const to = { kind: row.principal_kind, id: row.principal_id };
  return {
    id: row.id,
    to: { ...to, label: labelOf(org, to) ?? '' },
    level: row.level,
    cause: saidIn(causeOf(row), language),
    causeKind: row.cause_kind,
    words: row.cause,
    expiresAt: row.expires_at ? new Date(row.expires_at).toISOString() : null,
    by: { id: row.created_by, label: org.nameOf(row.created_by) },
    at: new Date(row.created_at).toISOString(),
  };
}

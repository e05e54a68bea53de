import {
  askedShareDays,
  type ShareAskBody,
  type ShareAskResult,
  type ShareRequestView,
} from '@lianke/shared/access/requests';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId, MemberId, RecordId, ShareRequestId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { SharesService } from '../access/shares.service.js';
import { writeAudit } from '../audit/write-audit.js';
import { memberOf, type TenantContext } from '../context.js';
import { DuplicateFinder } from '../duplicates/duplicate-finder.js';
import { FormRegistry } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { doneBy } from '../tasks/answer.js';

interface RequestRow {
  id: ShareRequestId;
  form_id: FormId;
  record_id: RecordId;
  asker_id: MemberId;
  owner_id: MemberId;
  reason: string;
  state: 'open' | 'shared' | 'refused';
  created_at: string;
}

/** What the buttons of a request's card do. */
export const answerVerbs = { share: 'letSee', refuse: 'keepHidden' } as const;
const dayMs = 86_400_000;
/** A request that nobody answered may be made again, and reminds the owner. */
const openFor = 3 * dayMs;

/**
 * Requests to see a record that is known to exist only because its values are known. The asker is told who owns it and
 * nothing else; the owner, or whoever may share the record, answers with one tap.
 */
@Injectable()
export class ShareRequestsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly finder: DuplicateFinder,
    private readonly reader: RecordReader,
    private readonly shares: SharesService,
    private readonly org: OrgDirectory,
    private readonly tenants: TenantDirectory,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Asks the owners of the records with these values that the asker may not see. */
  async ask(ctx: TenantContext, formId: FormId, { values, reason }: ShareAskBody): Promise<ShareAskResult> {
    const me = memberOf(ctx);
    if (me === null) throw refusal('forbidden', { zh: '申请查看', en: 'ask to see records' });
    const hidden = await this.finder.hidden(ctx, formId, values);
    const org = await this.org.of(ctx);
    const owned = hidden.filter(({ owner }) => org.members.get(owner)?.state === 'active');
    if (owned.length === 0)
      throw refusal('wrong_state', {
        zh: '没有可以申请查看的数据',
        en: 'there is no record that you could ask to see',
      });
    const asked = new Map<MemberId, string>();
    for (const { id, owner } of owned)
      if (await this.askOwner(ctx, org, { formId, recordId: id, asker: me, owner, reason }))
        asked.set(owner, org.nameOf(owner));
    if (asked.size === 0) {
      const names = [...new Set(owned.map(({ owner }) => org.nameOf(owner)))];
      throw refusal('wrong_state', {
        zh: `${names.join('、')}没有共享数据的权限，请直接联系`,
        en: `${names.join(', ')} may not share records; contact them directly`,
      });
    }
    return { asked: [...asked].map(([id, label]) => ({ id, label })) };
  }

  /** Who waits for an answer about a record, for its owner and whoever may share it. */
  async list(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<ShareRequestView[]> {
    await this.reader.get(ctx, formId, recordId);
    const me = memberOf(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<RequestRow>(
        `SELECT * FROM lianke.share_request WHERE form_id = $1 AND record_id = $2 AND state = 'open' ORDER BY created_at, id`,
        [formId, recordId],
      ),
    );
    if (rows.length === 0) return [];
    const maySee = await this.mayShare(ctx, formId, recordId);
    const org = await this.org.of(ctx);
    return rows
      .filter((row) => maySee || row.owner_id === me)
      .map((row) => ({
        id: row.id,
        by: { id: row.asker_id, label: org.nameOf(row.asker_id) },
        reason: row.reason,
        at: new Date(row.created_at).toISOString(),
      }));
  }

  /** Shares the record with the asker for a time, or not; either way he is told. */
  async answer(ctx: TenantContext, id: ShareRequestId, share: boolean): Promise<void> {
    const me = memberOf(ctx);
    if (me === null) throw refusal('forbidden', { zh: '共享数据', en: 'share records' });
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<RequestRow>('SELECT * FROM lianke.share_request WHERE id = $1', [id]),
    );
    if (!row) throw new AppError('not_found');
    // Who may not share the record learns nothing of who asks for it.
    if (!(await this.mayShare(ctx, row.form_id, row.record_id))) throw new AppError('not_found');
    if (row.state !== 'open')
      throw refusal('wrong_state', { zh: '这个申请已经处理过了', en: 'this request was answered already' });
    const org = await this.org.of(ctx);
    if (share) {
      const expiresAt = new Date(this.clock.now().getTime() + askedShareDays * dayMs).toISOString();
      const to = [{ kind: 'member' as const, id: row.asker_id as string }];
      const why = { cause: row.reason, causeKind: 'asked' as const };
      await this.shares.create(ctx, row.form_id, row.record_id, { to: to as never, level: 'read', ...why, expiresAt });
    }
    const form = await this.registry.form(ctx, row.form_id);
    await this.database.withTenant(ctx, async (tx) => {
      const [settled] = await tx.sql(
        `UPDATE lianke.share_request SET state = $2 WHERE id = $1 AND state = 'open' RETURNING id`,
        [id, share ? 'shared' : 'refused'],
      );
      if (!settled) return;
      const outcome = doneBy(org.nameOf(me), share ? sharedFor : { zh: '没有同意', en: 'Refused' });
      await this.notifier.update(tx, ctx, { about: { kind: 'task', id }, outcome, by: me });
      // Sharing tells the receiver by itself.
      if (share) return;
      await this.notifier.enqueue(tx, ctx, {
        card: {
          kind: 'notice',
          title: {
            zh: `${org.nameOf(me)}没有同意你的查看申请`,
            en: `${org.nameOf(me)} refused your request to see a record`,
          },
          facts: [{ label: { zh: '表单', en: 'Form' }, value: form.name }],
          path: `/pages/list/index?formId=${row.form_id}`,
          buttons: [],
        },
        to: [row.asker_id],
        key: `shareRequest:${id}:${new Date(row.created_at).getTime()}:refused`,
        about: { kind: 'none', id: null },
        mergeable: true,
      });
    });
  }

  /** False when the owner may not share what is his. */
  private async askOwner(
    ctx: TenantContext,
    org: Org,
    asked: { formId: FormId; recordId: RecordId; asker: MemberId; owner: MemberId; reason: string },
  ): Promise<boolean> {
    const { formId, recordId, asker, owner, reason } = asked;
    const theirs = await this.tenants.context(ctx.tenantId, { kind: 'member', memberId: owner });
    if (!(await this.mayShare(theirs, formId, recordId))) return false;
    const { label } = await this.reader.get(theirs, formId, recordId);
    const form = await this.registry.form(ctx, formId);
    const now = this.clock.now();
    await this.database.withTenant(ctx, async (tx) => {
      // Asked again while the owner has not answered, it is the same request.
      const [row] = await tx.sql<Pick<RequestRow, 'id'>>(
        `INSERT INTO lianke.share_request AS r (tenant_id, id, form_id, record_id, asker_id, owner_id, reason, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8)
         ON CONFLICT (tenant_id, record_id, asker_id) DO UPDATE SET id = excluded.id, owner_id = excluded.owner_id,
           reason = excluded.reason, state = 'open', created_at = excluded.created_at
         WHERE r.state <> 'open' OR r.created_at <= $9 OR r.owner_id <> excluded.owner_id
         RETURNING id`,
        [ctx.tenantId, uuid7(), formId, recordId, asker, owner, reason, now, new Date(now.getTime() - openFor)],
      );
      if (!row) return;
      await writeAudit(tx, ctx, { action: 'records.askShare', object: recordId, detail: { formId, owner, reason } });
      await this.notifier.enqueue(tx, ctx, {
        card: {
          kind: 'notice',
          title: {
            zh: `${org.nameOf(asker)}申请查看你负责的${form.name}`,
            en: `${org.nameOf(asker)} asks to see a record of ${form.name} that you own`,
          },
          description: reason,
          facts: [
            { label: form.name, value: label === '' ? '—' : label },
            {
              label: { zh: '同意后', en: 'If so' },
              value: {
                zh: `共享 ${askedShareDays} 天，只能查看`,
                en: `Shared for ${askedShareDays} days, to view only`,
              },
            },
          ],
          path: `/pages/record/index?formId=${formId}&id=${recordId}`,
          buttons: [
            { text: { zh: '同意', en: 'Share' }, action: `${answerVerbs.share}:${row.id}`, style: 'primary' },
            { text: { zh: '拒绝', en: 'Refuse' }, action: `${answerVerbs.refuse}:${row.id}`, style: 'default' },
          ],
        },
        to: [owner],
        key: `shareRequest:${row.id}`,
        about: { kind: 'task', id: row.id },
      });
    });
    return true;
  }

  private async mayShare(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<boolean> {
    try {
      await this.reader.requireAction(ctx, formId, recordId, 'share');
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }
}

const sharedFor: Words = { zh: `已共享 ${askedShareDays} 天`, en: `Shared for ${askedShareDays} days` };

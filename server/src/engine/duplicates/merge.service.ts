import type { MergeBody, MergePreview, MergeResult } from '@lianke/shared/duplicates/api';
import type { BatchId, FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { actionNames } from '../access/action-names.js';
import type { FormAccess } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { parentOf } from '../forms/subform-meta.js';
import type { Once } from '../idempotency/answer-once.js';
import { BulkLog } from '../records/bulk/bulk-log.js';
import type { StoredRecord, WriteRow } from '../records/contracts.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { storedRows } from '../records/subform-rows.js';
import { BatchRefused, reasonOf, toAppError } from '../records/write/results.js';
import { RecordCompanions } from './companions.js';
import { mergedValues } from './merge-values.js';
import { keepMoved, moveApprovals, moveNotes } from './moved-along.js';

const chunk = 5000;

/** Makes several records one: values chosen field by field, everything that pointed at the others points at it. */
@Injectable()
export class MergeService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly companions: RecordCompanions,
    private readonly log: BulkLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The records side by side, and what hangs on each of them. */
  async preview(ctx: TenantContext, formId: FormId, ids: readonly RecordId[]): Promise<MergePreview> {
    const { form, access } = await this.open(ctx, formId);
    const records = await this.seen(ctx, formId, ids);
    const hanging: MergePreview['hanging'] = {};
    await this.database.withTenant(ctx, async (tx) => {
      for (const id of ids) {
        const related: MergePreview['hanging'][string]['related'] = [];
        for (const { form: holder, field } of await this.holders(ctx, form)) {
          const rows = await holdersOf(tx, holder, field, [id]);
          if (rows.length > 0)
            related.push({ formId: holder.id, formName: holder.name, fieldName: field.name, count: rows.length });
        }
        const [counts] = await tx.sql<{ comments: number; approvals: number }>(
          `SELECT (SELECT count(*)::int FROM ${ident(tenantName(ctx.tenantId))}.record_comment WHERE record_id = $1) AS comments,
             (SELECT count(*)::int FROM lianke.run WHERE record_id = $1 AND state IN ('ready', 'waiting')) AS approvals`,
          [id],
        );
        hanging[id] = { related, comments: counts?.comments ?? 0, approvals: counts?.approvals ?? 0 };
      }
    });
    const may = access.may('edit') && access.may('delete');
    return { records, locked: may ? [] : [...ids], hanging };
  }

  /** One transaction, one batch. Refused whole when the merger may not edit one of the records or a value is not taken. */
  async merge(ctx: TenantContext, formId: FormId, body: MergeBody, once?: Once<MergeResult>): Promise<MergeResult> {
    const { form, access } = await this.open(ctx, formId);
    for (const action of ['edit', 'delete'] as const)
      if (!access.may(action)) throw refusal('forbidden', actionNames[action]);
    const others = [...new Set(body.others)];
    if (others.includes(body.keep))
      throw refusal('invalid_request', {
        zh: '保留的数据不能同时被合并掉',
        en: 'the record to keep cannot be merged away too',
      });
    const ids = [body.keep, ...others];
    await this.seen(ctx, formId, ids);
    const holders = await this.holders(ctx, form);
    const batchId = uuid7() as BatchId;
    const acting: TenantContext = { ...ctx, cause: { ...ctx.cause, door: 'merge', batchId } };
    return this.database
      .withTenant(ctx, async (tx) => {
        await once?.open(tx);
        const moves = new Map<RecordId, Awaited<ReturnType<typeof moveApprovals>>>();
        for (const id of others) moves.set(id, await moveApprovals(tx, id, body.keep));
        await this.requireEditable(tx, acting, formId, ids, body.versions);
        const records = new Map(
          (await this.reader.stored(tx, ctx, formId, ids)).map((record) => [record.id, record] as const),
        );
        const ordered = new Map(ids.flatMap((id) => (records.has(id) ? [[id, records.get(id) as StoredRecord]] : [])));
        const values = mergedValues(form, access, body.values, ordered, body.keep, {
          timeZone: ctx.timeZone,
          now: this.clock.now(),
        });
        let related = 0;
        for (const { form: holder, field } of holders)
          related += holder.owner
            ? await this.repointRows(tx, acting, holder.owner, holder, field, others, body.keep)
            : await this.repoint(tx, acting, holder, field, others, body.keep, form.id === holder.id ? ids : []);
        await this.writer.writeIn(tx, acting, {
          formId,
          op: 'delete',
          rows: others.map((id) => ({ id })),
          batchId,
          atomic: true,
        });
        await this.keepFiles(tx, form, values, body.keep);
        await this.writer.writeAlong(tx, acting, {
          formId,
          op: 'update',
          rows: [{ id: body.keep, values }],
          batchId,
          atomic: true,
        });
        await this.requireInside(tx, acting, formId, body.keep);
        const moved = { related, comments: 0, approvals: 0 };
        for (const id of others) {
          const notes = await moveNotes(tx, ctx, id, body.keep);
          const approvals = moves.get(id) ?? { runs: [], tasks: [] };
          const companions = await this.companions.move(tx, id, body.keep);
          moved.comments += notes.comments.length;
          moved.approvals += approvals.runs.length;
          const along = { ...notes, ...approvals, companions };
          await keepMoved(tx, ctx, { batchId, formId, kept: body.keep, record: id, moved: along });
        }
        const fields = Object.keys(values);
        await this.log.note(tx, ctx, { batchId, formId, action: 'merge', fields, done: ids.length, failed: 0 });
        const result = { batchId, record: await this.reader.get(ctx, formId, body.keep, tx), moved };
        await once?.keep(tx, result);
        return result;
      })
      .catch((error) => {
        const first = error instanceof BatchRefused ? [...error.refusals.values()][0] : undefined;
        throw first ? toAppError(first) : error;
      });
  }

  /** Locks the records and lets the write path say whether the merger may change each of them. */
  private async requireEditable(
    tx: Tx,
    ctx: TenantContext,
    formId: FormId,
    ids: readonly RecordId[],
    versions: MergeBody['versions'],
  ): Promise<void> {
    const rows = ids.map((id): WriteRow => {
      const version = versions?.[id];
      return { id, values: {}, ...(version === undefined ? {} : { version }) };
    });
    await this.writer.writeIn(tx, ctx, { formId, op: 'update', rows, atomic: true });
  }

  /** The values chosen must not take the record from among those the merger may edit. */
  private async requireInside(tx: Tx, ctx: TenantContext, formId: FormId, keep: RecordId): Promise<void> {
    try {
      await this.requireEditable(tx, ctx, formId, [keep], undefined);
    } catch (error) {
      throw error instanceof BatchRefused ? new AppError('outside_scope') : error;
    }
  }

  private async repoint(
    tx: Tx,
    ctx: TenantContext,
    holder: FormMeta,
    field: FieldMeta,
    others: readonly RecordId[],
    keep: RecordId,
    leaving: readonly RecordId[],
  ): Promise<number> {
    const rows = (await holdersOf(tx, holder, field, others)).filter((row) => !leaving.includes(row.id));
    for (let at = 0; at < rows.length; at += chunk) {
      const part = rows
        .slice(at, at + chunk)
        .map((row): WriteRow => ({ id: row.id, values: { [field.id]: pointed(row.value, others, keep) } }));
      await this.writePointed(tx, ctx, holder, holder, field, part);
    }
    return rows.length;
  }

  /** Rows of a subform are saved with the record they belong to: it is changed, and its other rows stay as they are. */
  private async repointRows(
    tx: Tx,
    ctx: TenantContext,
    { form, field: subform }: NonNullable<FormMeta['owner']>,
    part: FormMeta,
    field: FieldMeta,
    others: readonly RecordId[],
    keep: RecordId,
  ): Promise<number> {
    const rows = await holdersOf(tx, part, field, others);
    const values = new Map<string, Json>(rows.map((row) => [row.id, pointed(row.value, others, keep)]));
    const parents = await parentsOf(
      tx,
      part,
      rows.map((row) => row.id),
    );
    let changed = 0;
    for (let at = 0; at < parents.length; at += chunk) {
      const holders = (await this.reader.stored(tx, ctx, form.id, parents.slice(at, at + chunk))).filter(
        ({ id }) => !others.includes(id),
      );
      const writes = holders.map(({ id, values: held }): WriteRow => {
        const list = storedRows(held[subform.id]).map((row) => {
          const value = values.get(row.id);
          if (value !== undefined) changed++;
          return { id: row.id, ...(value === undefined ? {} : { values: { [field.id]: value } }) };
        });
        return { id, values: { [subform.id]: list } };
      });
      if (writes.length > 0) await this.writePointed(tx, ctx, form, part, field, writes);
    }
    return changed;
  }

  private async writePointed(
    tx: Tx,
    ctx: TenantContext,
    form: FormMeta,
    named: FormMeta,
    field: FieldMeta,
    rows: WriteRow[],
  ): Promise<void> {
    try {
      await this.writer.writeAlong(tx, ctx, {
        formId: form.id,
        op: 'update',
        rows,
        ...(ctx.cause.batchId ? { batchId: ctx.cause.batchId } : {}),
        atomic: true,
        settled: true,
      });
    } catch (error) {
      if (!(error instanceof BatchRefused)) throw error;
      const [first] = error.refusals.values();
      const why = first ? reasonOf(first) : { zh: '', en: '' };
      throw refusal('wrong_state', {
        zh: `“${named.name}”里的${field.name}不能改到保留的数据：${why.zh}`,
        en: `${field.name} in "${named.name}" cannot be pointed to the record to keep: ${why.en}`,
      });
    }
  }

  /** A file may stand where it is referred to: so it is, before the record takes it over. */
  private async keepFiles(
    tx: Tx,
    form: FormMeta,
    values: Readonly<Record<string, Json>>,
    keep: RecordId,
  ): Promise<void> {
    for (const field of form.fields) {
      const files = field.type.refers === 'file' ? values[field.id] : undefined;
      if (!Array.isArray(files) || files.length === 0) continue;
      await tx.run(
        `INSERT INTO ${ident(tenantName(form.tenantId))}.file_ref (file_id, form_id, record_id, field)
         SELECT f, $1, $2, $3 FROM unnest($4::uuid[]) f ON CONFLICT DO NOTHING`,
        [form.id, keep, field.id, files as string[]],
      );
    }
  }

  private async open(ctx: TenantContext, formId: FormId): Promise<{ form: FormMeta; access: FormAccess }> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view')) throw new AppError('not_found');
    return { form, access };
  }

  /** All of the records, in the asked order, or `not_found`. */
  private async seen(ctx: TenantContext, formId: FormId, ids: readonly RecordId[]): Promise<RecordView[]> {
    const found = new Map((await this.reader.getMany(ctx, formId, ids)).map((record) => [record.id, record]));
    return ids.map((id) => {
      const record = found.get(id);
      if (!record) throw new AppError('not_found');
      return record;
    });
  }

  /** Relation fields of all forms that hold ids of this form's records. */
  private async holders(ctx: TenantContext, form: FormMeta): Promise<{ form: FormMeta; field: FieldMeta }[]> {
    return (await this.registry.all(ctx)).pointingAt(form.id).filter(({ field }) => !field.derived);
  }
}

/** What a relation that names some of the others holds once they are one. */
function pointed(value: string | string[], others: readonly RecordId[], keep: RecordId): Json {
  if (!Array.isArray(value)) return keep;
  return [...new Set(value.map((id) => (others.includes(id as RecordId) ? keep : id)))];
}

/** The records that rows of a subform belong to. */
async function parentsOf(tx: Tx, part: FormMeta, rows: readonly RecordId[]): Promise<RecordId[]> {
  const { column } = parentOf(part);
  const found = await tx.sql<{ parent: RecordId }>(
    `SELECT DISTINCT ${column} AS parent FROM ${part.table} WHERE id = ANY($1::uuid[]) ORDER BY 1`,
    [[...rows]],
  );
  return found.map(({ parent }) => parent);
}

/** Live records whose relation names one of the ids, and what it holds. */
async function holdersOf(
  tx: Tx,
  holder: FormMeta,
  field: FieldMeta,
  ids: readonly RecordId[],
): Promise<{ id: RecordId; value: string | string[] }[]> {
  const meets = field.storage === 'uuid[]' ? '&& $1::uuid[]' : '= ANY($1::uuid[])';
  return tx.sql(
    `SELECT id, ${field.column} AS value FROM ${holder.table} WHERE ${field.column} ${meets} AND deleted_at IS NULL ORDER BY id`,
    [[...ids]],
  );
}

import type { Filter } from '@lianke/shared/filter/ast';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import {
  approvalsAlong,
  type TransferAlong,
  type TransferBody,
  type TransferPreview,
  type TransferResult,
} from '@lianke/shared/records/transfer';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { ApprovalsAlong, type OwnedRecord } from './approvals-along.js';
import { BulkLog } from './bulk/bulk-log.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

interface Companion {
  form: FormMeta;
  field: FieldMeta;
  /** Open tasks only; undefined when every record of the form goes along. */
  open: Filter | undefined;
}

/** A filter takes at most so many values. */
const filterChunk = 1000;
const writeChunk = 1000;

/** Hands records over to another owner, with what belongs to them, as one batch. */
@Injectable()
export class TransferService {
  constructor(
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly log: BulkLog,
    private readonly approvals: ApprovalsAlong,
  ) {}

  /** What would go along: records of other forms that point at these and have the same owner as the one they point at. */
  async preview(ctx: TenantContext, formId: FormId, ids: readonly RecordId[]): Promise<TransferPreview> {
    const form = await this.registry.form(ctx, formId);
    const records = await this.read(ctx, formId, ids);
    const along: TransferPreview['along'] = [];
    const companions = await this.companions(ctx, form);
    for (const companion of companions) {
      let count = 0;
      for (const { filter } of filtersOf(companion, records)) {
        const [row] = await this.reader.aggregate(ctx, companion.form.id, {
          filter,
          groupBy: [],
          metrics: [{ fn: 'count', as: 'n' }],
          sort: [],
          limit: 1,
        });
        count += Number(row?.metrics.n ?? 0);
      }
      along.push({
        formId: companion.form.id,
        field: companion.field.key,
        formName: companion.form.name,
        fieldName: companion.field.name,
        kind: companion.open ? 'todo' : 'record',
        count,
      });
    }
    const approvals = await this.openApprovals(ctx, companions, records);
    along.push({
      ...{ formId: form.id, field: approvalsAlong, formName: form.name, fieldName: '' },
      ...{ kind: 'approval', count: approvals },
    });
    return { records: records.length, along: along.filter((item) => item.count > 0) };
  }

  /** Changes the owner of the records and of the chosen companions. Refused rows do not stop the others. */
  async transfer(ctx: TenantContext, formId: FormId, body: TransferBody): Promise<TransferResult> {
    const form = await this.registry.form(ctx, formId);
    const records = await this.read(ctx, formId, body.ids);
    const companions = await this.companions(ctx, form);
    const withApprovals = body.along.some((item) => item.formId === form.id && item.field === approvalsAlong);
    const chosen = body.along.flatMap((item) =>
      item.formId === form.id && item.field === approvalsAlong ? [] : pick(companions, item),
    );
    const batchId = uuid7() as BatchId;
    // Found before anything is written: afterwards nobody could tell whose they were, or see them any more.
    const owners = new Map(ownedIn(records).map(({ id, owner }) => [id, owner]));
    const going: { form: FormMeta; ids: RecordId[] }[] = [{ form, ids: [...body.ids] }];
    for (const companion of chosen) {
      const ids: RecordId[] = [];
      for (const { owner, filter } of filtersOf(companion, records))
        for (const id of await this.idsOf(ctx, companion.form.id, filter)) {
          ids.push(id);
          owners.set(id, owner);
        }
      if (ids.length > 0) going.push({ form: companion.form, ids });
    }
    const moved: TransferResult['moved'] = [];
    const handed: OwnedRecord[] = [];
    for (const item of going) {
      const { updated, ...counts } = await this.move(ctx, item.form, item.ids, body.to, batchId);
      moved.push(counts);
      handed.push(...updated.flatMap((id) => owned(id, owners.get(id))));
    }
    const sum = (count: (item: TransferResult['moved'][number]) => number) =>
      moved.reduce((total, item) => total + count(item), 0);
    const [done, failed] = [sum((item) => item.done), sum((item) => item.failed)];
    if (done > 0) await this.log.keep(ctx, { batchId, formId, action: 'transfer', fields: ['owner'], done, failed });
    if (withApprovals) {
      const given = await this.approvals.give(ctx, batchId, handed, body.to);
      moved.push({ kind: 'approval', formId: form.id, formName: form.name, unchanged: 0, ...given });
    }
    return { batchId, moved };
  }

  private async move(
    ctx: TenantContext,
    form: FormMeta,
    ids: readonly RecordId[],
    to: MemberId,
    batchId: BatchId,
  ): Promise<TransferResult['moved'][number] & { updated: RecordId[] }> {
    const named = { kind: 'record' as const, formId: form.id, formName: form.name };
    const moved = { ...named, done: 0, unchanged: 0, failed: 0, reason: '', updated: [] as RecordId[] };
    for (let at = 0; at < ids.length; at += writeChunk) {
      const rows = ids.slice(at, at + writeChunk).map((id) => ({ id, values: { owner: to } }));
      const { results } = await this.writer.write(ctx, { formId: form.id, op: 'update', rows, batchId });
      for (const result of results) {
        if (result.status === 'updated') {
          moved.done++;
          if (result.id) moved.updated.push(result.id as RecordId);
        } else if (result.status === 'unchanged') moved.unchanged++;
        else {
          moved.failed++;
          moved.reason ||= result.error?.fields?.[0]?.message ?? result.error?.message ?? '';
        }
      }
    }
    return moved;
  }

  /** How many approvals about the records and what may go along with them wait for their owners. */
  private async openApprovals(
    ctx: TenantContext,
    companions: readonly Companion[],
    records: readonly RecordView[],
  ): Promise<number> {
    const owners = new Map<string, MemberId>(ownedIn(records).map(({ id, owner }) => [id, owner]));
    const open = await this.approvals.open(ctx, [...new Set(owners.values())]);
    let count = open.filter(({ record, member }) => owners.get(record) === member).length;
    for (const { form, field } of companions) {
      const about = open.filter(({ formId }) => formId === form.id);
      if (about.length === 0) continue;
      const seen = new Map(
        (await this.read(ctx, form.id, [...new Set(about.map(({ record }) => record))])).map((view) => [view.id, view]),
      );
      count += about.filter(({ record, member }) => {
        const view = seen.get(record);
        if (!view || ownerIn(view) !== member) return false;
        const related = [view.values[field.key]].flat().map(idIn);
        return related.some((id) => id !== undefined && owners.get(id) === member);
      }).length;
    }
    return count;
  }

  /** The records with their owner, as far as the caller may see them. */
  private async read(ctx: TenantContext, formId: FormId, ids: readonly RecordId[]): Promise<RecordView[]> {
    const records: RecordView[] = [];
    for (let at = 0; at < ids.length; at += writeChunk)
      records.push(...(await this.reader.getMany(ctx, formId, ids.slice(at, at + writeChunk))));
    return records;
  }

  private async idsOf(ctx: TenantContext, formId: FormId, filter: Filter): Promise<RecordId[]> {
    const ids: RecordId[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.reader.query(ctx, formId, {
        filter,
        fields: [],
        limit: writeChunk,
        total: false,
        ...(cursor ? { cursor } : {}),
      });
      ids.push(...page.items.map((item) => item.id as RecordId));
      cursor = page.cursor ?? undefined;
    } while (cursor);
    return ids;
  }

  /** Relations of forms in which the caller may change the owner. */
  private async companions(ctx: TenantContext, form: FormMeta): Promise<Companion[]> {
    const found: Companion[] = [];
    for (const { form: other, field } of (await this.registry.all(ctx)).pointingAt(form.id)) {
      const access = await this.access.ofForm(ctx, other);
      const owner = other.field('owner');
      if (other.id === form.id || field.derived || !owner || !access.may('view') || !access.may('edit')) continue;
      if (access.mayRead(field) && access.mayWrite(owner)) found.push({ form: other, field, open: openTasks(other) });
    }
    return found;
  }
}

function pick(companions: readonly Companion[], wanted: TransferAlong): Companion {
  const found = companions.find((item) => item.form.id === wanted.formId && item.field.key === wanted.field);
  if (!found) throw new AppError('not_found');
  return found;
}

/** Tasks that are not done; undefined for a form that holds no tasks. */
function openTasks(form: FormMeta): Filter | undefined {
  const { task } = form.settings;
  const done = task && form.field(task.done);
  if (!task || !done) return undefined;
  return { field: done.key, op: 'ne', value: done.storage === 'boolean' ? true : (task.doneOption ?? '') };
}

/** One filter for every owner and thousand records: what points at a record goes along when its owner is the record's. */
function filtersOf({ field, open }: Companion, records: readonly RecordView[]): { owner: MemberId; filter: Filter }[] {
  return [...groupBy(ownedIn(records), (record) => record.owner)].flatMap(([owner, list]) =>
    Array.from({ length: Math.ceil(list.length / filterChunk) }, (_, index) => {
      const ids = list.slice(index * filterChunk, (index + 1) * filterChunk).map((record) => record.id);
      const filter: Filter = {
        and: [
          { field: field.key, op: field.storage === 'uuid[]' ? 'hasAny' : 'in', value: ids },
          { field: 'owner', op: 'eq', value: owner },
          ...(open ? [open] : []),
        ],
      };
      return { owner, filter };
    }),
  );
}

function idIn(value: Json | undefined): string | undefined {
  return value && typeof value === 'object' && 'id' in value ? String(value.id) : undefined;
}

function ownerIn(record: RecordView): MemberId | undefined {
  return idIn(record.values.owner) as MemberId | undefined;
}

/** The records that somebody owns. */
function ownedIn(records: readonly RecordView[]): OwnedRecord[] {
  return records.flatMap((record) => owned(record.id as RecordId, ownerIn(record)));
}

function owned(id: RecordId, owner: MemberId | undefined): OwnedRecord[] {
  return owner ? [{ id, owner }] : [];
}

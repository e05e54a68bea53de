import type { Filter } from '@lianke/shared/filter/ast';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import type { WriteRow } from '../records/contracts.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { sameJson } from '../same-json.js';
import { replaceMember } from './replace-member.js';

const chunk = 1000;
const mostAsked = 200;

/** Records by their owner and by the members they name, past no right of whoever asks: handovers are administrators' work. */
@Injectable()
export class HandedRecords {
  constructor(
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
  ) {}

  /** How many records each of the members owns, by form. */
  async counts(
    ctx: TenantContext,
    members: readonly MemberId[],
  ): Promise<{ form: FormMeta; owner: MemberId; count: number }[]> {
    const found: { form: FormMeta; owner: MemberId; count: number }[] = [];
    if (members.length === 0) return found;
    for (const form of (await this.registry.all(ctx)).list) {
      const items = await this.reader.aggregate(ctx, form.id, {
        filter: { field: 'owner', op: 'in', value: members.slice(0, mostAsked) },
        groupBy: [{ field: 'owner' }],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: mostAsked,
      });
      for (const { groups, metrics } of items) {
        const owner = groups[0];
        if (owner && typeof owner === 'object')
          found.push({ form, owner: owner.id as MemberId, count: Number(metrics.n ?? 0) });
      }
    }
    return found;
  }

  /** How many records name the member in a field other than their owner, by form. */
  async naming(
    ctx: TenantContext,
    member: MemberId,
  ): Promise<{ form: FormMeta; fields: FieldMeta[]; count: number }[]> {
    const found: { form: FormMeta; fields: FieldMeta[]; count: number }[] = [];
    for (const form of (await this.registry.all(ctx)).list) {
      const fields = memberFields(form);
      if (fields.length === 0) continue;
      const [item] = await this.reader.aggregate(ctx, form.id, {
        filter: namedIn(fields, member),
        ...{ groupBy: [], metrics: [{ fn: 'count', as: 'n' }], sort: [], limit: 1 },
      });
      found.push({ form, fields, count: Number(item?.metrics.n ?? 0) });
    }
    return found.filter(({ count }) => count > 0);
  }

  /** Names `to` wherever a record of the form names `from`, its owner apart. */
  async replace(
    ctx: TenantContext,
    formId: FormId,
    from: MemberId,
    to: MemberId,
    batchId: BatchId,
  ): Promise<{ done: number; failed: number; reason: string }> {
    const form = await this.registry.form(ctx, formId);
    const fields = memberFields(form);
    if (fields.length === 0) return { done: 0, failed: 0, reason: '' };
    const ids = await this.ids(ctx, formId, namedIn(fields, from));
    return this.write(ctx, formId, batchId, ids, async (some) => {
      const records = await this.reader.getMany(ctx, formId, some);
      return records.map(({ id, values }) => ({
        id: id as RecordId,
        values: Object.fromEntries(
          fields.flatMap(({ key }) => {
            const old = values[key] ?? null;
            const now = replaceMember(bare(old), from, to);
            return sameJson(bare(old), now) ? [] : [[key, now]];
          }),
        ),
      }));
    });
  }

  /** Makes `to` the owner of every record of a form that is `from`'s. Refused records do not stop the others. */
  async handOver(
    ctx: TenantContext,
    formId: FormId,
    from: MemberId,
    to: MemberId,
    batchId: BatchId,
  ): Promise<{ done: number; failed: number; reason: string }> {
    const ids = await this.ids(ctx, formId, { field: 'owner', op: 'eq', value: from });
    return this.write(ctx, formId, batchId, ids, async (some) => some.map((id) => ({ id, values: { owner: to } })));
  }

  private async write(
    ctx: TenantContext,
    formId: FormId,
    batchId: BatchId,
    ids: readonly RecordId[],
    rowsOf: (ids: RecordId[]) => Promise<WriteRow[]>,
  ): Promise<{ done: number; failed: number; reason: string }> {
    const result = { done: 0, failed: 0, reason: '' };
    for (let at = 0; at < ids.length; at += chunk) {
      const rows = await rowsOf(ids.slice(at, at + chunk));
      const { results } = await this.writer.write(ctx, { formId, op: 'update', rows, batchId });
      for (const row of results) {
        if (row.status !== 'failed') result.done++;
        else {
          result.failed++;
          result.reason ||= row.error?.fields?.[0]?.message ?? row.error?.message ?? '';
        }
      }
    }
    return result;
  }

  private async ids(ctx: TenantContext, formId: FormId, filter: Filter): Promise<RecordId[]> {
    const ids: RecordId[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.reader.query(ctx, formId, {
        ...{ filter, fields: [], limit: chunk, total: false },
        ...(cursor ? { cursor } : {}),
      });
      ids.push(...page.items.map(({ id }) => id as RecordId));
      cursor = page.cursor ?? undefined;
    } while (cursor);
    return ids;
  }
}

/** Fields people fill in with members; who made or changed a record stays as it was. */
function memberFields(form: FormMeta): FieldMeta[] {
  return form.fields.filter((field) => field.type.refers === 'member' && !field.system && !field.derived);
}

function namedIn(fields: readonly FieldMeta[], member: MemberId): Filter {
  return {
    or: fields.map(({ key, storage }) =>
      storage === 'uuid[]' ? { field: key, op: 'hasAny', value: [member] } : { field: key, op: 'eq', value: member },
    ),
  };
}

/** Members as they are written: ids. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare);
  return value !== null && typeof value === 'object' ? (value.id ?? null) : value;
}

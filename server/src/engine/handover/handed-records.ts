import type { Filter } from '@lianke/shared/filter/ast';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { parentOf } from '../forms/subform-meta.js';
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
    private readonly database: Database,
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

  /** How many records name the member in a field other than their owner or in a row of a subform, by form; with those fields' names. */
  async naming(ctx: TenantContext, member: MemberId): Promise<{ form: FormMeta; fields: string[]; count: number }[]> {
    const found: { form: FormMeta; fields: string[]; count: number }[] = [];
    for (const form of (await this.registry.all(ctx)).list) {
      const places = placesOf(form);
      const ids = await this.idsNaming(ctx, form, member);
      const fields = places.flatMap(({ part, fields }) =>
        fields.map(({ name }) => (part.owner ? `${part.name}.${name}` : name)),
      );
      found.push({ form, fields, count: ids.length });
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
    const ids = await this.idsNaming(ctx, form, from);
    return this.write(ctx, formId, batchId, ids, async (some) => {
      const records = await this.reader.getMany(ctx, formId, some);
      return records.map(({ id, values }) => ({
        id: id as RecordId,
        values: Object.fromEntries(placesOf(form).flatMap((place) => replaced(place, values, from, to))),
      }));
    });
  }

  private async idsNaming(ctx: TenantContext, form: FormMeta, member: MemberId): Promise<RecordId[]> {
    const places = placesOf(form);
    if (places.length === 0) return [];
    const found = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ id: RecordId }>(`${places.map((place) => namingSql(form, place)).join(' UNION ')} ORDER BY 1`, [member]),
    );
    return found.map(({ id }) => id);
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

interface Place {
  /** The form itself, or that of a subform's rows. */
  part: FormMeta;
  fields: FieldMeta[];
}

/** Where people name members: who made or changed a record stays as it was. */
function placesOf(form: FormMeta): Place[] {
  return [form, ...form.parts]
    .map((part) => ({
      part,
      fields: part.fields.filter((field) => field.type.refers === 'member' && !field.system && !field.derived),
    }))
    .filter(({ fields }) => fields.length > 0);
}

/** Live records that name the member `$1` at the place. */
function namingSql(form: FormMeta, { part, fields }: Place): string {
  const named = fields
    .map(({ column, storage }) => (storage === 'uuid[]' ? `q.${column} @> ARRAY[$1::uuid]` : `q.${column} = $1::uuid`))
    .join(' OR ');
  if (!part.owner) return `SELECT q.id FROM ${part.table} q WHERE q.deleted_at IS NULL AND (${named})`;
  return `SELECT t.id FROM ${part.table} q JOIN ${form.table} t ON t.id = q.${parentOf(part).column}
    WHERE q.deleted_at IS NULL AND t.deleted_at IS NULL AND (${named})`;
}

/** What to write so that the heir stands there: rows of subforms are named by their ids, and keep what is not named. */
function replaced(
  { part, fields }: Place,
  values: Readonly<Record<string, Json>>,
  from: MemberId,
  to: MemberId,
): [string, Json][] {
  if (!part.owner) return renamed(fields, values, from, to);
  const rows = (values[part.owner.field.key] ?? []) as { id: string; values: Record<string, Json> }[];
  const now = rows.map((row) => ({ id: row.id, values: Object.fromEntries(renamed(fields, row.values, from, to)) }));
  return now.some((row) => Object.keys(row.values).length > 0) ? [[part.owner.field.key, now]] : [];
}

function renamed(
  fields: readonly FieldMeta[],
  values: Readonly<Record<string, Json>>,
  from: MemberId,
  to: MemberId,
): [string, Json][] {
  return fields.flatMap(({ key }) => {
    const old = bare(values[key] ?? null);
    const now = replaceMember(old, from, to);
    return sameJson(old, now) ? [] : [[key, now]];
  });
}

/** Members as they are written: ids. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare);
  return value !== null && typeof value === 'object' ? (value.id ?? null) : value;
}

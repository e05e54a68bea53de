import type { Filter } from '@lianke/shared/filter/ast';
import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';

const chunk = 1000;
const mostAsked = 200;

/** Records by their owner, past no right of whoever asks: handovers are administrators' work. */
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

  /** Makes `to` the owner of every record of a form that is `from`'s. Refused records do not stop the others. */
  async handOver(
    ctx: TenantContext,
    formId: FormId,
    from: MemberId,
    to: MemberId,
    batchId: BatchId,
  ): Promise<{ done: number; failed: number; reason: string }> {
    const ids = await this.ids(ctx, formId, { field: 'owner', op: 'eq', value: from });
    const result = { done: 0, failed: 0, reason: '' };
    for (let at = 0; at < ids.length; at += chunk) {
      const rows = ids.slice(at, at + chunk).map((id) => ({ id, values: { owner: to } }));
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

import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RevertBody, RevertResult } from '@lianke/shared/records/bulk';
import type { BatchResult } from '@lianke/shared/records/write';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, type TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { openImage } from '../sealed/sealed-images.js';
import type { StoredRecord, StoredValues } from './contracts.js';
import { type ChangeRow, changeTable } from './history.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { earlier, rowsAgain, writableRows } from './rows-again.js';
import { changedValues } from './write/changed-values.js';

const mayNot: Words = { zh: '没有修改这个字段的权限', en: 'you may not change this field' };

interface Plan {
  record: StoredRecord;
  values: StoredValues;
  skipped: RevertResult['skipped'];
}

/** Puts a record's fields back to what its history says they were, as a change of its own that history shows too. */
@Injectable()
export class RevertService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
  ) {}

  /** Writes under the caller's rights. Fields that cannot be put back are named; only if none can, it is refused. */
  async revert(ctx: TenantContext, formId: FormId, id: RecordId, body: RevertBody): Promise<RevertResult> {
    const form = await this.registry.form(ctx, formId);
    // Unseen and absent answer the same.
    const now = await this.reader.get(ctx, formId, id);
    const { record, values, skipped } = await this.plan(ctx, form, id, body);
    if (Object.keys(values).length === 0) {
      if (skipped.length === 0) return { record: now, restored: [], skipped };
      // What cannot be put back before anything was tried is what he may not change.
      throw refusal('wrong_state', {
        zh: skipped.map((item) => `${item.name}：${mayNot.zh}`).join('；'),
        en: skipped.map((item) => `${item.name}: ${mayNot.en}`).join('; '),
      });
    }
    const write = (given: StoredValues) =>
      this.writer.write(ctx, { formId, op: 'update', rows: [{ id, values: given, version: record.version }] });
    let [result] = (await write(values)).results;
    const refused = result?.error?.fields ?? [];
    if (result?.status === 'failed' && refused.length > 0) {
      // What may not stand any more (an option, a person, a file that is gone) stays out; the rest goes back.
      const rest = { ...values };
      for (const error of refused) {
        const field = form.field(error.field);
        if (!field) continue;
        delete rest[field.id];
        skipped.push({ field: field.key, name: field.name, reason: error.message });
      }
      if (Object.keys(rest).length > 0) {
        for (const key of Object.keys(values)) if (!(key in rest)) delete values[key];
        [result] = (await write(rest)).results;
      }
    }
    if (!result || result.status === 'failed') {
      const { code } = result?.error ?? {};
      if (code === 'version_conflict' || code === 'outside_scope') throw new AppError(code);
      throw refusal('wrong_state', reasons(result));
    }
    return {
      record: await this.reader.get(ctx, formId, id),
      restored: Object.keys(values).flatMap((ref) => form.field(ref)?.key ?? []),
      skipped,
    };
  }

  /** Walks back from what stands now, change by change, to the moment asked for. */
  private async plan(ctx: TenantContext, form: FormMeta, id: RecordId, body: RevertBody): Promise<Plan> {
    const access = await this.access.ofForm(ctx, form);
    const { record, changes } = await this.database.withTenant(ctx, async (tx) => {
      const anchor = body.after ?? body.before;
      const changes = await tx.sql<Pick<ChangeRow, 'id' | 'changes'>>(
        `SELECT id, changes FROM ${changeTable(form)} WHERE record_id = $1 AND form_id = $2 AND id >= $3::uuid ORDER BY id DESC`,
        [id, form.id, anchor ?? null],
      );
      if (changes.at(-1)?.id !== anchor)
        throw refusal('wrong_state', { zh: '这条数据没有这次修改', en: 'this record has no such change' });
      const [record] = await this.reader.stored(tx, ctx, form.id, [id]);
      if (!record) throw new AppError('not_found');
      return { record, changes: body.after ? changes.slice(0, -1) : changes };
    });
    const wanted =
      body.fields && new Set(body.fields.map((ref) => requireField(form, access.mayRead.bind(access), ref)));
    const target: StoredValues = {};
    for (const change of changes)
      for (const [ref, pair] of Object.entries(openImage(form, change.changes) ?? {})) {
        const field = form.field(ref);
        if (field && (!wanted || wanted.has(field))) target[field.id] = earlier(pair[0], target[field.id]);
      }
    for (const { id: ref, part } of form.fields)
      if (part && ref in target) target[ref] = rowsAgain(part, target[ref] ?? null, record.values[ref]);
    const differs = changedValues(form, record.values, target);
    const values: StoredValues = {};
    const skipped: Plan['skipped'] = [];
    for (const ref of Object.keys(differs)) {
      const field = form.field(ref);
      // What the reader may not see is not named; what the system keeps follows by itself.
      if (!field || !access.mayRead(field) || field.derived || !field.writable) continue;
      if (access.mayWrite(field))
        values[field.id] = field.part
          ? writableRows(field.part, await this.access.ofForm(ctx, field.part), target[field.id])
          : (target[field.id] ?? null);
      else skipped.push({ field: field.key, name: field.name, reason: mayNot[languageIn(ctx)] });
    }
    return { record, values, skipped };
  }
}

/** What is wrong with each field of a refused row, else with the row: results tell it in their writer's language already. */
function reasons(result: BatchResult | undefined): Words {
  const { fields = [], message = '' } = result?.error ?? {};
  const said = (separator: string) => fields.map((error) => error.message).join(separator) || message;
  return { zh: said('；'), en: said('; ') };
}

function requireField(form: FormMeta, mayRead: (field: FieldMeta) => boolean, ref: string): FieldMeta {
  const field = form.field(ref);
  if (!field || !mayRead(field)) throw new AppError('unknown_field', { field: ref });
  return field;
}

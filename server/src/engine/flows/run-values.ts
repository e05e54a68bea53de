import type { Language } from '@lianke/shared/errors/issue-text';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import { answerAt } from '@lianke/shared/flows/answers';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { ValueExpr, ValueRef } from '@lianke/shared/flows/values';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { dateIn, startOfDate } from '@lianke/shared/time/zone';
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { FormAccess } from '../access/form-access.js';
import { languageIn, type TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';
import type { StoredRecord } from '../records/contracts.js';
import { masked } from '../records/labels.js';
import { valueText, yesNo } from './value-text.js';

dayjs.extend(utc);
dayjs.extend(timezone);

/** A record a run knows: the one that started it, or one a node made. */
export interface RunRecord {
  formId: FormId;
  recordId: RecordId;
}

export interface RunValuesEnv {
  tx: Tx;
  ctx: TenantContext;
  forms: TenantForms;
  org: Org;
  now: Date;
  starterId: string | null;
  /** `trigger` and the ids of nodes that produced a record. */
  records: ReadonlyMap<string, RunRecord>;
  /** What nodes before answered beside a record, by node id; `trigger` for what the trigger brought. */
  outputs?: ReadonlyMap<string, Json>;
  /** Tells what kind of value an answer is; without it answers are taken as they are. */
  definition?: FlowDefinition | undefined;
  load(tx: Tx, ctx: TenantContext, formId: FormId, ids: RecordId[]): Promise<StoredRecord[]>;
  /** Whose rights to fields cut what is found; without it everything is. */
  accessOf?: (formId: FormId) => FormAccess;
}

/** What a value is like: a record's field, or the kind of an answer. */
export type ValueKind = Pick<FieldMeta, 'typeName' | 'type' | 'config' | 'storage'>;

/** A value without a field of its own, of this type. */
export function kindOf(typeName: FieldTypeName): ValueKind {
  const type = fieldTypes[typeName];
  return { typeName, type: type as never, config: {} as never, storage: type.storage };
}

interface Found {
  field: ValueKind | undefined;
  value: Json;
  /** The record itself, when the path names no field: what stands for it. */
  label?: string;
}

function isReference(value: unknown): value is { id: string; label: string } {
  return typeof value === 'object' && value !== null && 'id' in value && 'label' in value;
}

/** The value a path of keys leads to inside of an answer; null where it leads nowhere. */
export function inside(output: Json, path: string): Json {
  let at: Json = output;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as Record<string, Json>)[key] ?? null;
  }
  return at;
}

function literalText(value: Json, language: Language): string {
  if (value === null) return '';
  if (Array.isArray(value))
    return value.map((item) => literalText(item, language)).join({ zh: '、', en: ', ' }[language]);
  if (typeof value === 'boolean') return yesNo(value, language);
  return isReference(value) ? value.label : String(value);
}

/** Works out value expressions from the records' current data, past the flow's own access but inside its tenant. */
export class RunValues {
  private readonly loaded = new Map<string, Promise<StoredRecord | undefined>>();

  constructor(private readonly env: RunValuesEnv) {}

  /** The same records in somebody's language, their fields cut to his rights in the forms he may see at all. */
  as(accessOf: (formId: FormId) => FormAccess, language: Language): RunValues {
    return this.with({ accessOf, ctx: { ...this.env.ctx, language } });
  }

  /** The same in words of a language. */
  in(language: Language): RunValues {
    return this.with({ ctx: { ...this.env.ctx, language } });
  }

  record(source: string): RunRecord {
    const record = this.env.records.get(source);
    if (!record)
      throw refusal(
        'wrong_state',
        source === 'trigger'
          ? { zh: '这次运行没有触发数据，或它已不存在', en: 'no record started this run, or it is gone' }
          : { zh: `节点 ${source} 没有产生数据`, en: `the step ${source} has made no record` },
      );
    return record;
  }

  /** What a node before answered, or undefined when it was not carried out. */
  output(node: string): Json | undefined {
    return this.env.outputs?.get(node);
  }

  /** The value for a field, in that field's canonical form. */
  async forField(expr: ValueExpr, target: FieldMeta): Promise<Json> {
    switch (expr.kind) {
      case 'literal':
        // Designers keep a chosen member or record as it was read, with its label.
        return target.storage === 'uuid' && isReference(expr.value) ? expr.value.id : (expr.value as Json);
      case 'text':
        return this.text(expr);
      case 'starter':
        return this.env.starterId;
      case 'now':
        return this.asTime(this.later(expr.offset, expr.unit), target);
      case 'ref': {
        const found = await this.find(expr.ref);
        return this.convert(found, target);
      }
    }
  }

  /** The value as people read it. */
  async text(expr: ValueExpr): Promise<string> {
    switch (expr.kind) {
      case 'literal':
        return literalText(expr.value as Json, languageIn(this.env.ctx));
      case 'text': {
        const parts = await Promise.all(
          expr.parts.map((part) => ('text' in part ? part.text : this.refText(part.ref))),
        );
        return parts.join('');
      }
      case 'starter':
        return this.env.org.nameOf(this.env.starterId);
      case 'now':
        return dateIn(this.env.ctx.timeZone, this.later(expr.offset, expr.unit));
      case 'ref':
        return this.refText(expr.ref);
    }
  }

  /** The value itself, as it would be kept outside of any field. */
  async plain(expr: ValueExpr): Promise<Json> {
    switch (expr.kind) {
      case 'literal':
        return isReference(expr.value) ? expr.value.id : (expr.value as Json);
      case 'text':
        return this.text(expr);
      case 'starter':
        return this.env.starterId;
      case 'now':
        return this.later(expr.offset, expr.unit).toISOString();
      case 'ref':
        return (await this.find(expr.ref)).value;
    }
  }

  async refText(ref: ValueRef): Promise<string> {
    return this.show(await this.find(ref));
  }

  /** An instant for timers: an instant itself, or the beginning of a date in the tenant's zone; null when empty. */
  async instant(expr: ValueExpr): Promise<Date | null> {
    if (expr.kind === 'now') return this.later(expr.offset, expr.unit);
    const value = expr.kind === 'ref' ? (await this.find(expr.ref)).value : expr.kind === 'literal' ? expr.value : null;
    if (typeof value !== 'string') return null;
    return /^\d{4}-\d{2}-\d{2}$/.test(value) ? startOfDate(this.env.ctx.timeZone, value) : new Date(value);
  }

  /** What a formula over the trigger's record is computed with. */
  ground(): Pick<RunValuesEnv, 'forms' | 'org' | 'now'> & { formId: FormId; timeZone: string } {
    const { forms, org, now, ctx } = this.env;
    return { forms, org, now, formId: this.record('trigger').formId, timeZone: ctx.timeZone };
  }

  /** The label of a record, member or department that a field's value names. */
  labelOf(field: ValueKind, id: string): Promise<string> {
    return this.show({ field, value: field.storage === 'uuid[]' ? [id] : id });
  }

  async find(ref: ValueRef): Promise<Found> {
    const answered = this.env.outputs?.get(ref.source);
    // 分配 stands for its record, and for whom it chose.
    const own = ref.path === 'member' && typeof answered === 'object' && answered !== null && 'member' in answered;
    const output = this.env.records.has(ref.source) && !own ? undefined : answered;
    if (output !== undefined) return { field: this.answerKind(ref), value: inside(output, ref.path) };
    const { formId, recordId } = this.record(ref.source);
    let form = this.form(formId);
    let record = await this.load(formId, recordId);
    const parts = ref.path.split('.');
    for (const [index, part] of parts.entries()) {
      if (part === 'id') {
        const title = form.title ? this.cut(form, form.title, record) : null;
        return { field: undefined, value: record?.id ?? null, label: String(title ?? '') };
      }
      const field = form.field(part);
      if (!field) throw new AppError('unknown_field', { field: part });
      const value = this.cut(form, field, record);
      if (index === parts.length - 1) return { field, value };
      if (field.typeName !== 'relation') throw new AppError('unknown_field', { field: ref.path });
      form = this.form((field.config as { formId: FormId }).formId);
      record = typeof value === 'string' ? await this.load(form.id, value as RecordId) : undefined;
    }
    throw new AppError('unknown_field', { field: ref.path });
  }

  /** Numbers and texts are read as they came; what has a form of its own (dates, people, lists) by its kind. */
  private answerKind(ref: ValueRef): ValueKind | undefined {
    const answer = this.env.definition && answerAt(this.env.definition, ref.source, ref.path);
    return answer && answer.type !== 'text' && answer.type !== 'longText' ? kindOf(answer.type) : undefined;
  }

  /** Canonical values of a record, for conditions. */
  async values(source: string): Promise<{ form: FormMeta; record: StoredRecord }> {
    const { formId, recordId } = this.record(source);
    const record = await this.load(formId, recordId);
    if (!record) throw refusal('wrong_state', { zh: '数据已被删除', en: 'the record was deleted' });
    return { form: this.form(formId), record };
  }

  private cut(form: FormMeta, field: FieldMeta, record: StoredRecord | undefined): Json {
    const value = record?.values[field.id] ?? null;
    const access = this.env.accessOf?.(form.id as FormId);
    if (!access?.may('view') || access.sees(field)) return value;
    if (!access.mayRead(field)) return null;
    const moment = { timeZone: this.env.ctx.timeZone, now: this.env.now };
    const stars = access.masksIn(form, field, (other) => record?.values[other.id] ?? null, moment);
    return stars ? masked(field, value) : value;
  }

  private async loadAll(formId: FormId, ids: readonly RecordId[]): Promise<StoredRecord[]> {
    const rows = await Promise.all(ids.map((id) => this.load(formId, id)));
    return rows.flatMap((row) => row ?? []);
  }

  private form(id: FormId): FormMeta {
    const form = this.env.forms.get(id);
    if (!form)
      throw refusal('wrong_state', {
        zh: '流程用到的表单已删除',
        en: 'a form that the flow uses was deleted; restore it or change the flow',
      });
    return form;
  }

  private load(formId: FormId, recordId: RecordId): Promise<StoredRecord | undefined> {
    const key = `${formId}/${recordId}`;
    let loading = this.loaded.get(key);
    if (!loading) {
      loading = this.env.load(this.env.tx, this.env.ctx, formId, [recordId]).then((rows) => rows[0]);
      this.loaded.set(key, loading);
    }
    return loading;
  }

  private with(more: Partial<RunValuesEnv>): RunValues {
    return new RunValues({ ...this.env, ...more, load: (_tx, _ctx, formId, ids) => this.loadAll(formId, ids) });
  }

  private async show(found: Found): Promise<string> {
    if (!found.field)
      return found.label || (typeof found.value === 'object' ? JSON.stringify(found.value ?? '') : String(found.value));
    const names = new Map<string, string>();
    if (found.field.type.refers === 'record') {
      const target = this.form((found.field.config as { formId: FormId }).formId);
      for (const id of [found.value].flat()) {
        if (typeof id !== 'string') continue;
        const record = await this.load(target.id, id as RecordId);
        const title = target.title ? this.cut(target, target.title, record) : null;
        names.set(id, String(title ?? ''));
      }
    }
    return valueText(found.field, found.value, {
      org: this.env.org,
      timeZone: this.env.ctx.timeZone,
      language: languageIn(this.env.ctx),
      nameOf: (id) => names.get(id) ?? '',
    });
  }

  /** Between kinds: dates and instants into each other, anything into text by what people read. */
  private async convert(found: Found, target: FieldMeta): Promise<Json> {
    if (found.value === null) return null;
    if (!found.field) return found.value;
    const from = found.field.storage;
    if (target.storage === from && (target.storage !== 'text' || found.field.typeName === target.typeName))
      return found.value;
    if (target.storage === 'date' && from === 'timestamptz')
      return dateIn(this.env.ctx.timeZone, new Date(String(found.value)));
    if (target.storage === 'timestamptz' && from === 'date')
      return startOfDate(this.env.ctx.timeZone, String(found.value)).toISOString();
    if (target.storage === 'text') return this.show(found);
    if (target.storage === 'text[]') return Array.isArray(found.value) ? found.value : [await this.show(found)];
    return found.value;
  }

  private later(offset: number, unit: 'minute' | 'hour' | 'day' | 'week' | 'month'): Date {
    return dayjs(this.env.now).tz(this.env.ctx.timeZone).add(offset, unit).toDate();
  }

  private asTime(instant: Date, target: FieldMeta): string {
    return target.storage === 'date' || target.storage === 'text'
      ? dateIn(this.env.ctx.timeZone, instant)
      : instant.toISOString();
  }
}

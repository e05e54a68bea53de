import type { AppPackage } from '@lianke/shared/apps/package';
import type { AppId, FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { AccessService } from '../../access/access.service.js';
import type { FormAccess } from '../../access/form-access.js';
import type { TenantContext } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { ownFields } from '../../forms/subform-meta.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { BatchRefused, toAppError } from '../../records/write/results.js';
import { originOf } from './package-store.js';

type Sample = AppPackage['sample'];

/** Rows that go along with an app, and come in with it. */
@Injectable()
export class SampleRows {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
  ) {}

  /** The newest rows of the chosen forms as this reader sees them, without people, files, secrets and what is masked. */
  async take(ctx: TenantContext, chosen: readonly { formId: FormId; rows: number; key: string }[]): Promise<Sample> {
    const forms = await this.registry.all(ctx);
    const accessOf = await this.access.ofForms(ctx);
    const pages = [];
    for (const { formId, rows, key } of chosen) {
      const form = forms.get(formId);
      if (!form) continue;
      const fields = telling(form.fields, accessOf(form.id));
      const page = await this.reader.query(ctx, formId, {
        fields: [],
        sort: [{ field: 'createdAt', dir: 'desc' }],
        limit: rows,
        total: false,
      });
      // Lists do not hold the rows of subforms. The oldest first, as they were made.
      const ids = page.items.map(({ id }) => id as RecordId).reverse();
      const found = new Map((await this.reader.getMany(ctx, formId, ids)).map((record) => [record.id, record]));
      pages.push({ form, key, fields, items: ids.flatMap((id) => found.get(id) ?? []) });
    }
    const rowIds = new Map(pages.flatMap(({ items }) => items).map(({ id }, index) => [id, `r${index + 1}`]));
    return pages.map(({ key, fields, items }) => ({
      form: key,
      rows: items.map(({ id, values }) => ({
        id: rowIds.get(id) ?? '',
        values: Object.fromEntries(
          fields.flatMap((field) => {
            const value = packed(field, values[field.key] ?? null, rowIds, accessOf);
            return value === null ? [] : [[field.key, value]];
          }),
        ),
      })),
    }));
  }

  /** Writes a package's rows into the app that came from it, as {@link put} does. */
  async putInto(ctx: TenantContext, sample: Sample, appId: AppId): Promise<number> {
    const origin = await this.database.withTenant(ctx, (tx) => originOf(tx, appId));
    return this.put(ctx, sample, (key) => origin?.names[`form:${key}`]);
  }

  /**
   * Writes the rows in one transaction, all or none; no flow hears of them. Answers how many.
   * @throws AppError the refusal of the first row that is not taken
   */
  private async put(
    ctx: TenantContext,
    sample: Sample,
    formIdOf: (key: string) => string | undefined,
  ): Promise<number> {
    const forms = await this.registry.all(ctx);
    const tables = inOrder(
      sample.flatMap(({ form: key, rows }) => {
        const form = forms.get(formIdOf(key) ?? '');
        return form ? [{ form, rows }] : [];
      }),
    );
    const ids = new Map(tables.flatMap(({ rows }) => rows).map((row) => [row.id, uuid7() as RecordId]));
    const written = new Set<string>();
    const later: { form: FormMeta; id: RecordId; values: Record<string, Json> }[] = [];
    try {
      await this.database.withTenant(ctx, async (tx) => {
        for (const { form, rows } of tables) {
          const made = rows.map((row) => {
            const id = ids.get(row.id) as RecordId;
            const { now, then } = unpacked(form, row.values, ids, written);
            if (Object.keys(then).length > 0) later.push({ form, id, values: then });
            return { id, values: now };
          });
          if (made.length > 0)
            await this.writer.writeIn(tx, ctx, {
              ...{ formId: form.id, op: 'create', rows: made, atomic: true, quiet: true },
            });
          for (const { id } of made) written.add(id);
        }
        for (const { form, id, values } of later)
          await this.writer.writeIn(tx, ctx, {
            ...{ formId: form.id, op: 'update', rows: [{ id, values }], atomic: true, quiet: true },
          });
      });
    } catch (error) {
      const refusal = error instanceof BatchRefused ? [...error.refusals.values()][0] : undefined;
      throw refusal ? toAppError(refusal) : error;
    }
    return written.size;
  }
}

const neverTaken = ['location', 'signature', 'idNumber'];

/** Fields whose values mean the same in another company and are nobody's secret. */
function telling(fields: readonly FieldMeta[], access: FormAccess): FieldMeta[] {
  return fields.filter(
    (field) =>
      !field.system &&
      field.writable &&
      !field.cipher &&
      access.mayRead(field) &&
      !access.masks(field) &&
      !neverTaken.includes(field.typeName) &&
      (field.type.refers === undefined || field.type.refers === 'record'),
  );
}

/** A value as the package tells it: related rows by their names, rows of subforms with what may be told of them. */
function packed(
  field: FieldMeta,
  value: Json,
  rowIds: ReadonlyMap<string, string>,
  accessOf: (formId: string) => FormAccess,
): Json {
  const { part } = field;
  if (part) {
    const inner = telling(ownFields(part), accessOf(part.id));
    const rows = Array.isArray(value) ? (value as { values: Record<string, Json> }[]) : [];
    return rows.map((row) => ({
      values: Object.fromEntries(
        inner.map((item) => [item.key, packed(item, row.values?.[item.key] ?? null, rowIds, accessOf)]),
      ),
    }));
  }
  if (field.type.refers !== 'record') return value;
  const names = (Array.isArray(value) ? value : [value]).flatMap(
    (item) => rowIds.get(String((item as { id?: string } | null)?.id)) ?? [],
  );
  if (names.length === 0) return null;
  return Array.isArray(value) ? names : (names[0] ?? null);
}

/** Values with the ids of the rows they name; those of rows that are not written yet come afterwards. */
function unpacked(
  form: FormMeta,
  values: Record<string, Json>,
  ids: ReadonlyMap<string, RecordId>,
  written: ReadonlySet<string>,
): { now: Record<string, Json>; then: Record<string, Json> } {
  const now: Record<string, Json> = {};
  const then: Record<string, Json> = {};
  for (const [key, value] of Object.entries(values)) {
    const field = form.field(key);
    if (!field || field.system || !field.writable || field.type.refers === 'file') continue;
    if (field.part) {
      const part = field.part;
      const rows = Array.isArray(value) ? (value as { values?: Record<string, Json> }[]) : [];
      now[key] = rows.map((row) => ({ values: unpacked(part, row.values ?? {}, ids, written).now }));
    } else if (field.type.refers === 'record') {
      const found = (Array.isArray(value) ? value : [value]).flatMap((name) => ids.get(String(name)) ?? []);
      const target = found.every((id) => written.has(id)) ? now : then;
      if (found.length > 0) target[key] = Array.isArray(value) ? found : (found[0] ?? null);
    } else if (!field.type.refers) now[key] = value;
  }
  return { now, then };
}

/** Forms whose rows others name come first; within a circle as they stand. */
function inOrder<Table extends { form: FormMeta }>(tables: readonly Table[]): Table[] {
  const done: Table[] = [];
  const visit = (table: Table, above: ReadonlySet<Table>): void => {
    if (done.includes(table) || above.has(table)) return;
    const chain = new Set(above).add(table);
    for (const at of [table.form, ...table.form.parts])
      for (const field of at.fields) {
        const target = (field.config as { formId?: string }).formId;
        const next = field.type.refers === 'record' && tables.find((item) => item.form.id === target);
        if (next) visit(next, chain);
      }
    done.push(table);
  };
  for (const table of tables) visit(table, new Set());
  return done;
}

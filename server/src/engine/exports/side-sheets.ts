import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { recordIdHeader } from '@lianke/shared/records/exports';
import type { RecordView } from '@lianke/shared/records/query';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { AccessService } from '../access/access.service.js';
import type { FormAccess } from '../access/form-access.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { FormRegistry } from '../forms/form-registry.js';
import type { RecordReader } from '../records/record-reader.js';
import { cellsOf, formatOf, idColumn, widthOf } from './cells.js';
import { readableIn, subformRows } from './subform-lines.js';
import type { SheetSource } from './workbook-stream.js';

const pageRows = 1000;

/** What sheets beside the records' own are made from. */
export interface SideWorld {
  reader: RecordReader;
  withId: boolean;
  accessOf(part: FormMeta): FormAccess;
  /** The reader's context with the rights of this moment. */
  again(): Promise<TenantContext>;
  /** The exported records once more, page by page. */
  records(fields: string[]): AsyncIterable<{ ctx: TenantContext; items: RecordView[] }>;
}

/** A form whose records point at the exported ones, and by which field. */
export interface RelatedForm {
  form: FormMeta;
  relation: FieldMeta;
  fields: FieldMeta[];
}

/** @throws AppError as for a form that is not there, unless its records may be read and exported and point at `to` */
export async function openRelated(
  ctx: TenantContext,
  registry: FormRegistry,
  access: AccessService,
  to: FormId,
  formId: FormId,
): Promise<RelatedForm> {
  const form = await registry.form(ctx, formId);
  const rights = await access.ofForm(ctx, form);
  if (!rights.may('view')) throw new AppError('not_found');
  if (!rights.may('export'))
    throw refusal('forbidden', { zh: `导出“${form.name}”的数据`, en: `export records of "${form.name}"` });
  const fields = form.fields.filter((field) => rights.mayRead(field) && !field.part);
  const relation = fields.find((field) => pointsAt(field, to));
  if (!relation)
    throw refusal('invalid_request', {
      zh: `“${form.name}”没有关联到这个表单`,
      en: `"${form.name}" has no relation to this form`,
    });
  return { form, relation, fields };
}

function pointsAt(field: FieldMeta, to: FormId): boolean {
  const relates = field.typeName === 'relation' || field.typeName === 'relations';
  return relates && (field.config as { formId?: string }).formId === to;
}

/** The rows of a subform on a sheet of their own, each behind the name of its record. */
export function subformSheet(world: SideWorld, form: FormMeta, subform: FieldMeta, part: FormMeta): SheetSource {
  const fields = readableIn(part, world.accessOf);
  const titled = form.title && world.accessOf(form).mayRead(form.title) ? form.title : undefined;
  async function* rows(): AsyncGenerator<SheetCell[]> {
    for await (const { ctx, items } of world.records([...(titled ? [titled.key] : []), subform.key])) {
      const found = await subformRows(world.reader, ctx, [subform], items);
      for (const record of items)
        for (const line of found.get(`${subform.id}/${record.id}`) ?? [])
          yield [
            ...(world.withId ? [record.id] : []),
            record.label ?? null,
            ...(world.withId ? [line.id] : []),
            ...cellsOf(line, fields, ctx.timeZone),
          ];
    }
  }
  return {
    name: subform.name,
    columns: [
      ...(world.withId ? [{ header: `${form.name}.${recordIdHeader}`, ...idColumn }] : []),
      { header: form.name, width: 24, format: '@' },
      ...(world.withId ? [{ header: `${subform.name}.${recordIdHeader}`, ...idColumn }] : []),
      ...headersOf(fields),
    ],
    rows: rows(),
  };
}

/** The records that point at the exported ones. */
export function relatedSheet(world: SideWorld, main: FormMeta, { form, relation, fields }: RelatedForm): SheetSource {
  const many = relation.typeName === 'relations';
  async function* rows(): AsyncGenerator<SheetCell[]> {
    // A record that points at several stands once.
    const seen = new Set<string>();
    const keys = main.title && world.accessOf(main).mayRead(main.title) ? [main.title.key] : [];
    for await (const { items } of world.records(keys.length > 0 ? keys : ['createdAt'])) {
      const ids: Json[] = items.map((record) => record.id);
      let cursor: string | undefined;
      do {
        const ctx = await world.again();
        const page = await world.reader.query(
          ctx,
          form.id,
          {
            filter: { field: relation.key, op: many ? 'hasAny' : 'in', value: ids as string[] },
            fields: fields.map((field) => field.key),
            limit: pageRows,
            total: false,
            ...(cursor ? { cursor } : {}),
          },
          'export',
        );
        for (const record of page.items) {
          if (many && seen.has(record.id)) continue;
          if (many) seen.add(record.id);
          const cells = cellsOf(record, fields, ctx.timeZone);
          yield world.withId ? [record.id, ...cells] : cells;
        }
        cursor = page.cursor ?? undefined;
      } while (cursor && ids.length > 0);
    }
  }
  return {
    name: form.name,
    columns: [...(world.withId ? [{ header: recordIdHeader, ...idColumn }] : []), ...headersOf(fields)],
    rows: rows(),
  };
}

function headersOf(fields: readonly FieldMeta[]): SheetSource['columns'][number][] {
  return fields.map((field) => ({ header: field.name, width: widthOf(field), format: formatOf(field) }));
}

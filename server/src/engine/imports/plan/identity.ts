import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import { titleFieldTypes } from '@lianke/shared/forms/definition';
import type { ImportTarget, SheetPlan } from '@lianke/shared/imports/api';
import { identifyingTypes } from '@lianke/shared/imports/keys';
import { conceptOf } from '../columns/concepts.js';
import type { KnownForm } from '../columns/match-fields.js';
import { readHeader } from '../layout/header.js';
import type { CompiledColumn, CompiledLink, CompiledTarget, IdentityColumn } from './compiled.js';
import { comparing } from './match-key.js';
import { invalid } from './plan-fault.js';

/** The field that stands for a target's records, and the column that feeds it. */
export function titleOf(
  target: ImportTarget,
  form: KnownForm | undefined,
  fields: ReadonlyMap<string, { key: string; name: string; type: FieldTypeName }>,
  columns: readonly CompiledColumn[],
): CompiledTarget['title'] {
  const key = form ? form.title : titleOfNew(target, columns);
  const field = key ? fields.get(key) : undefined;
  return field
    ? {
        fieldKey: field.key,
        fieldName: field.name,
        type: field.type,
        column: columns.find((column) => column.fieldKey === field.key) ?? null,
      }
    : null;
}

const names = ['customerName', 'contactName', 'opportunityName', 'followContent'];

/** The field that stands for a record of a form to be made: its name, or the first text. */
export function titleOfNew(
  target: ImportTarget,
  columns: readonly Pick<CompiledColumn, 'fieldKey' | 'header' | 'type'>[],
): string | null {
  if (target.newFields.some((field) => field.key === 'new:title')) return 'new:title';
  const readable = columns.filter((column) => titleFieldTypes.includes(column.type));
  const named = names.flatMap(
    (name) => readable.find((column) => conceptOf(readHeader(column.header).name)?.concept.key === name) ?? [],
  );
  const called = columns.find((column) => column.type === 'text' && /名称|姓名|名$|name/i.test(column.header));
  return (named[0] ?? called ?? columns.find((column) => column.type === 'text'))?.fieldKey ?? null;
}

/** Repeats are told by `matchOn`, else by the name, and only where the name is what the sheet lists: visits have none. */
export function identityOf(
  plan: SheetPlan,
  target: ImportTarget,
  columns: readonly CompiledColumn[],
  links: readonly CompiledLink[],
  title: CompiledTarget['title'],
): IdentityColumn[] {
  if (target.link && target.mode !== 'insert')
    throw invalid(plan.name, {
      zh: `“${target.formName}”跟着同一行的主数据新增，不能单独更新`,
      en: `"${target.formName}" is added along with the main record of the same row and cannot be updated by itself`,
    });
  if (target.matchOn.length > 0) {
    return byRank(target.matchOn.map((key) => keyColumn(plan, target, columns, links, key)));
  }
  if (target.mode !== 'insert')
    throw invalid(plan.name, {
      zh: `请选择用哪些字段识别已有的“${target.formName}”`,
      en: `choose the fields by which existing records of "${target.formName}" are identified`,
    });
  if (target.link || links.some(({ many }) => !many) || !title?.column || title.column.type !== 'text') return [];
  return [ofColumn(title.column)];
}

/** The columns that tell most by themselves first: records are looked up by the first, and the others compared. */
function byRank(columns: readonly { type: FieldTypeName; column: IdentityColumn }[]): IdentityColumn[] {
  const rank = ({ type }: { type: FieldTypeName }) => identifyingTypes.indexOf(type);
  return [...columns].sort((a, b) => rank(a) - rank(b)).map(({ column }) => column);
}

function keyColumn(
  plan: SheetPlan,
  target: ImportTarget,
  columns: readonly CompiledColumn[],
  links: readonly CompiledLink[],
  key: string,
): { type: FieldTypeName; column: IdentityColumn } {
  const column = columns.find(({ fieldKey }) => fieldKey === key);
  const link = links.find(({ fieldKey }) => fieldKey === key);
  if (link && !link.many) return { type: 'relation', column: ofLink(link) };
  if (column && identifyingTypes.includes(column.type)) return { type: column.type, column: ofColumn(column) };
  const fed = column ?? link;
  if (!fed)
    throw invalid(plan.name, {
      zh: `用来识别“${target.formName}”的字段没有对应的列`,
      en: `the field that identifies "${target.formName}" has no column`,
    });
  throw invalid(plan.name, {
    zh: `字段“${fed.fieldName}”不能用来识别数据，请选择一条数据只有一个值的字段，如文本、电话、统一社会信用代码、日期或关联数据`,
    en: `field "${fed.fieldName}" cannot identify records; choose one that holds a single value, such as a text, a phone, a credit code, a date or a relation`,
  });
}

function ofColumn({ index, fieldKey, fieldName, type, read }: CompiledColumn): IdentityColumn {
  return { index, fieldKey, fieldName, read: comparing(type, read), link: null };
}

function ofLink(link: CompiledLink): IdentityColumn {
  const { index, fieldKey, fieldName, by } = link;
  return { index, fieldKey, fieldName, read: by ? by.read : (cell) => bare(cellText(cell)), link };
}

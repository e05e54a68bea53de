import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type {
  ColumnTarget,
  ImportOptions,
  ImportTarget,
  ImportView,
  PlanBody,
  ProposedField,
  SheetPlan,
} from '@lianke/shared/imports/api';
import { asJson, type Json } from '@lianke/shared/json';

/** What the person may change about an import before it runs. */
export interface Plan {
  sheets: SheetPlan[];
  options: ImportOptions;
}

/** A form that may be fed: its id, key, name and fields. */
export interface TargetForm {
  id: string;
  key: string;
  name: string;
  fields: readonly { key: string; type: FieldTypeName; config: Readonly<Record<string, unknown>> }[];
}

/** Where a column shall go. A `form` that is no target of the sheet yet becomes one. */
export type ColumnChoice =
  | { kind: 'skip' }
  | { kind: 'field'; target: string; field: string }
  | { kind: 'fieldOfForm'; form: TargetForm; field: string }
  | {
      kind: 'new';
      target: string;
      name: string;
      type: FieldTypeName;
      config: Record<string, Json>;
      /** Key of the existing subform whose rows get it. */
      within?: string;
    };

/** The plan as it is sent. */
export function bodyOf(plan: Plan): PlanBody {
  return {
    sheets: plan.sheets.map(({ name, index, headerRow, include, targets, columns, hidden, grouping }) => ({
      name,
      index,
      headerRow,
      include,
      targets,
      ...(hidden ? { hidden } : {}),
      ...(grouping ? { grouping } : {}),
      columns: columns.map((column) => ({ index: column.index, to: column.to })),
    })),
    options: plan.options,
  };
}

/** The plan that the server holds. */
export function planOf(view: Pick<ImportView, 'sheets' | 'options'>): Plan {
  return { sheets: view.sheets, options: view.options };
}

function changeSheet(plan: Plan, index: number, change: (sheet: SheetPlan) => SheetPlan): Plan {
  return { ...plan, sheets: plan.sheets.map((sheet) => (sheet.index === index ? change(sheet) : sheet)) };
}

/** Takes a sheet in or leaves it out. */
export function includeSheet(plan: Plan, sheet: number, include: boolean): Plan {
  return changeSheet(plan, sheet, (old) => ({ ...old, include }));
}

/** Takes hidden rows in or leaves them out. */
export function includeHidden(plan: Plan, sheet: number, include: boolean): Plan {
  return changeSheet(plan, sheet, (old) => (old.hidden ? { ...old, hidden: { ...old.hidden, include } } : old));
}

/** Rows beside merged cells are lines of one record, or records of their own. */
export function groupRows(plan: Plan, sheet: number, as: NonNullable<SheetPlan['grouping']>['as']): Plan {
  return changeSheet(plan, sheet, (old) => (old.grouping ? { ...old, grouping: { ...old.grouping, as } } : old));
}

/** What the sheet's main form does with records that exist. */
export function setMode(plan: Plan, sheet: number, mode: ImportTarget['mode'], matchOn: string[]): Plan {
  return changeSheet(plan, sheet, (old) => ({
    ...old,
    targets: old.targets.map((target, index) => (index === 0 ? { ...target, mode, matchOn } : target)),
  }));
}

/** By which unique field a relation column names its records; undefined: by their title. */
export function setMatchKey(plan: Plan, sheet: number, column: number, by: string | undefined): Plan {
  return changeSheet(plan, sheet, (old) => ({
    ...old,
    columns: old.columns.map((item) => {
      if (item.index !== column) return item;
      const { by: _, ...to } = item.to;
      return { ...item, to: by === undefined ? to : { ...to, by } };
    }),
  }));
}

/** Another row is the header; the server proposes the sheet's columns anew. */
export function moveHeader(plan: Plan, sheet: number, headerRow: number): Plan {
  return changeSheet(plan, sheet, (old) => ({ ...old, headerRow, include: true }));
}

function freshKey(plan: Plan, wanted: string): string {
  const taken = new Set(plan.sheets.flatMap((sheet) => sheet.targets.map((target) => target.key)));
  let key = wanted;
  for (let n = 2; taken.has(key); n++) key = `${wanted}${n}`;
  return key;
}

/** A relation of `form` that points at a form already fed by the same row: the new record is linked to it. */
function linkTo(form: TargetForm, targets: readonly ImportTarget[]): ImportTarget['link'] {
  for (const field of form.fields) {
    if (field.type !== 'relation') continue;
    const to = targets.find((target) => target.formId !== null && target.formId === field.config.formId);
    if (to) return { field: field.key, to: to.key };
  }
  return undefined;
}

function withTarget(plan: Plan, sheet: SheetPlan, form: TargetForm): { sheet: SheetPlan; key: string } {
  const known = sheet.targets.find((target) => target.formId === form.id);
  if (known) return { sheet, key: known.key };
  const key = freshKey(plan, form.key);
  const link = linkTo(form, sheet.targets);
  const target: ImportTarget = {
    key,
    formId: form.id as NonNullable<ImportTarget['formId']>,
    formName: form.name,
    newFields: [],
    mode: 'insert',
    matchOn: [],
    ...(link ? { link } : {}),
  };
  return { sheet: { ...sheet, targets: [...sheet.targets, target] }, key };
}

/** True for a field to be made because of one column; others link two records of a row, or name them. */
export function isOfColumn({ key }: Pick<ProposedField, 'key'>): boolean {
  return /(^|\.)new:\d+$/.test(key);
}

/** Proposed fields and forms that no column feeds any more go. What links two records of a row stays. */
function swept(sheet: SheetPlan): SheetPlan {
  const used = new Set(sheet.columns.map((column) => `${column.to.target}.${column.to.field}`));
  const fed = new Set(sheet.columns.map((column) => column.to.target));
  const kept = sheet.targets.filter((target, index) => index === 0 || fed.has(target.key));
  const keys = new Set(kept.map((target) => target.key));
  return {
    ...sheet,
    targets: kept.map((target) => {
      const newFields = target.newFields
        .map((field) => (field.type === 'subform' ? withoutUnused(field, target.key, used) : field))
        .filter((field) =>
          field.type === 'subform'
            ? (field.config.fields as unknown[]).length > 0
            : !isOfColumn(field) || used.has(`${target.key}.${field.key}`),
        );
      if (!target.link || keys.has(target.link.to)) return { ...target, newFields };
      const { link: _, ...rest } = target;
      return { ...rest, newFields };
    }),
  };
}

/** A subform to be made, with those fields that columns still feed. */
function withoutUnused(field: ProposedField, target: string, used: ReadonlySet<string>): ProposedField {
  const fields = (field.config.fields as ProposedField[]).filter((line) =>
    used.has(`${target}.${field.key}.${line.key}`),
  );
  return { ...field, config: { ...field.config, fields: asJson(fields) } };
}

/** Sends a column somewhere else. A field feeds from one column: the one it had before is left out. */
export function mapColumn(plan: Plan, sheetIndex: number, columnIndex: number, choice: ColumnChoice): Plan {
  return changeSheet(plan, sheetIndex, (old) => {
    const factor = old.columns.find((column) => column.index === columnIndex)?.to.factor;
    let sheet = old;
    let to: ColumnTarget = { target: null, field: null, status: 'skipped' };
    if (choice.kind === 'field') {
      to = { target: choice.target, field: choice.field, status: 'matched', ...(factor ? { factor } : {}) };
    } else if (choice.kind === 'fieldOfForm') {
      const added = withTarget(plan, sheet, choice.form);
      sheet = added.sheet;
      to = { target: added.key, field: choice.field, status: 'matched', ...(factor ? { factor } : {}) };
    } else if (choice.kind === 'new') {
      const { name, type, config, within } = choice;
      const key = within ? `${within}.new:${columnIndex}` : `new:${columnIndex}`;
      const field: ProposedField = { key, name, type, config, ...(within ? { within } : {}) };
      sheet = {
        ...sheet,
        targets: sheet.targets.map((target) =>
          target.key === choice.target
            ? { ...target, newFields: [...target.newFields.filter((item) => item.key !== key), field] }
            : target,
        ),
      };
      to = { target: choice.target, field: key, status: 'new', ...(factor ? { factor } : {}) };
    }
    return swept({
      ...sheet,
      columns: sheet.columns.map((column) => {
        if (column.index === columnIndex) return { ...column, to };
        const same = to.target !== null && column.to.target === to.target && column.to.field === to.field;
        return same ? { ...column, to: { target: null, field: null, status: 'skipped' } } : column;
      }),
    });
  });
}

/** Multiplies a column's numbers: 10000 for 万元. */
export function setFactor(plan: Plan, sheetIndex: number, columnIndex: number, factor: number | undefined): Plan {
  return changeSheet(plan, sheetIndex, (sheet) => ({
    ...sheet,
    columns: sheet.columns.map((column) => {
      if (column.index !== columnIndex) return column;
      const { factor: _, ...to } = column.to;
      return { ...column, to: factor && factor !== 1 ? { ...to, factor } : to };
    }),
  }));
}

/** Names the form that a target makes. */
export function renameNewForm(plan: Plan, sheetIndex: number, key: string, name: string): Plan {
  return changeSheet(plan, sheetIndex, (sheet) => ({
    ...sheet,
    targets: sheet.targets.map((target) =>
      target.key === key && target.newForm ? { ...target, newForm: { name }, formName: name } : target,
    ),
  }));
}

/** The target form that a sheet is mainly about. */
export function mainTarget(sheet: SheetPlan): ImportTarget | undefined {
  return sheet.targets[0];
}

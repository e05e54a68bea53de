import { optionColors } from '@lianke/shared/fields/select/schema';
import type { CreateFormBody, FieldInput, FormView } from '@lianke/shared/forms/definition';
import type { AppId, FormId } from '@lianke/shared/ids';
import type { ImportTarget, ProposedField, SheetPlan } from '@lianke/shared/imports/api';
import { asJson, type Json } from '@lianke/shared/json';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import type { TenantContext } from '../../context.js';
import type { FormsService } from '../../forms/forms.service.js';
import { conceptOf, entityForms, entityOf } from '../columns/concepts.js';
import type { StoredPlan } from '../import-row.js';
import { readHeader } from '../layout/header.js';
import { titleOfNew } from '../plan/identity.js';

/** What making forms needs from outside. */
export interface FormMaker {
  forms: FormsService;
  /** A context that sees the forms made so far. */
  fresh(): Promise<TenantContext>;
}

const conceptKeys: Record<string, string> = {
  customerName: 'name',
  contactName: 'name',
  opportunityName: 'name',
  followTime: 'time',
  followMethod: 'method',
  followContent: 'content',
};

/**
 * Makes the forms and fields a plan proposes, and answers the plan with their real ids and keys. May run again after a crash at
 * any point: what a form or field of the wanted name holds already is used.
 */
export async function createForms(maker: FormMaker, appId: AppId, plan: StoredPlan): Promise<StoredPlan> {
  const made = new Map<string, FormView>();
  let waiting = plan.sheets
    .filter((sheet) => sheet.include)
    .flatMap((sheet) => sheet.targets.map((target) => ({ sheet, target })));
  const keys = new Map<string, Map<string, string>>();
  while (waiting.length > 0) {
    const ready = waiting.filter(({ target }) => target.newFields.every((field) => pendingForm(field, made) === null));
    if (ready.length === 0)
      throw refusal('invalid_definition', {
        zh: '新表单之间的关联绕成了圈',
        en: 'the new forms relate to each other in a circle',
      });
    for (const { sheet, target } of ready) {
      const view = await ensureForm(maker, appId, sheet, target, plan, made);
      made.set(target.key, view);
      keys.set(target.key, new Map(target.newFields.flatMap((field) => realKeys(field, view))));
    }
    waiting = waiting.filter((item) => !ready.includes(item));
  }
  await connectLastContact(maker, plan, made);
  return rewrite(plan, made, keys);
}

/** The keys that a field, and the fields of its rows, have got. */
function realKeys(field: ProposedField, view: FormView): [string, string][] {
  if (field.within !== undefined) {
    const subform = view.fields.find((other) => other.key === field.within);
    const line = lineFieldsOf(subform?.config ?? {}).find((other) => other.name === field.name);
    return [[field.key, `${field.within}.${line?.key ?? ''}`]];
  }
  const made = view.fields.find((other) => other.name === field.name);
  const key = made?.key ?? field.key;
  const inner = field.type === 'subform' ? lineFieldsOf(field.config) : [];
  const real = lineFieldsOf(made?.config ?? {});
  return [
    [field.key, key],
    ...inner.map((line): [string, string] => [
      `${field.key}.${line.key}`,
      `${key}.${real.find((other) => other.name === line.name)?.key ?? line.key}`,
    ]),
  ];
}

/** Fields of a subform's rows. */
function lineFieldsOf(config: Readonly<Record<string, unknown>>): FieldInput[] {
  return (config.fields ?? []) as FieldInput[];
}

function pendingForm(field: ProposedField, made: ReadonlyMap<string, FormView>): string | null {
  const form = field.type === 'relation' ? String(field.config.formId) : '';
  return form.startsWith('target:') && !made.has(form.slice(7)) ? form : null;
}

async function ensureForm(
  maker: FormMaker,
  appId: AppId,
  sheet: SheetPlan,
  target: ImportTarget,
  plan: StoredPlan,
  made: ReadonlyMap<string, FormView>,
): Promise<FormView> {
  const ctx = await maker.fresh();
  const existing = (await maker.forms.list(ctx, appId)).find((form) =>
    target.formId ? form.id === target.formId : form.name === target.newForm?.name,
  );
  if (!existing) {
    if (!target.newForm) throw new AppError('not_found');
    return maker.forms.create(ctx, newForm(appId, sheet, target, plan, made));
  }
  const fields = existing.fields
    .filter((field) => !field.system)
    .map((field) => withLines(target, plan, withOptions(target, plan, inputOf(field))));
  const added = target.newFields.filter(
    (field) => field.within === undefined && !existing.fields.some((known) => known.name === field.name),
  );
  const changed = fields.some((field) => field.changed);
  if (added.length === 0 && !changed) return existing;
  const inputs = [
    ...fields.map(({ changed: _, ...field }) => field),
    ...newFields(sheet, target, added, plan, made, new Set(existing.fields.map((field) => field.key))),
  ];
  return maker.forms.update(ctx, existing.id, { fields: inputs, version: existing.version });
}

function newForm(
  appId: AppId,
  sheet: SheetPlan,
  target: ImportTarget,
  plan: StoredPlan,
  made: ReadonlyMap<string, FormView>,
): CreateFormBody {
  const name = target.newForm?.name ?? target.formName;
  const entity = entityOf(name);
  const title = titleOfNew(target, columnsOf(sheet, target));
  const fields = newFields(sheet, target, target.newFields, plan, made, new Set());
  const titleKey = fields[target.newFields.findIndex((field) => field.key === title)]?.key;
  // A table of names is of no use without them; visits may have nothing to say.
  const named = titleKey && fields.find((field) => field.key === titleKey && field.type === 'text');
  if (named) named.rules = { required: true };
  return {
    appId,
    name,
    ...(entity && entityForms[entity].name === name && { key: entityForms[entity].key }),
    fields,
    ...(titleKey && { settings: { titleField: titleKey, summaryFields: [] } }),
  };
}

function newFields(
  sheet: SheetPlan,
  target: ImportTarget,
  fields: readonly ProposedField[],
  plan: StoredPlan,
  made: ReadonlyMap<string, FormView>,
  taken: Set<string>,
): FieldInput[] {
  return fields.map((field) => {
    const header =
      sheet.columns.find((column) => column.to.target === target.key && column.to.field === field.key)?.header ?? '';
    const wanted = keyFor(field, header, target);
    const key = wanted && !taken.has(wanted) ? wanted : undefined;
    if (key) taken.add(key);
    const { changed: _, ...input } = withOptions(
      target,
      plan,
      { name: field.name, type: field.type, config: configOf(field, made), rules: {} },
      field.key,
    );
    return { ...input, ...(key && { key }) };
  });
}

function keyFor(field: ProposedField, header: string, target: ImportTarget): string | undefined {
  if (field.key === 'new:title') return 'name';
  if (field.key === 'new:link') return target.link?.to.replace(/\d+$/, '');
  const concept = conceptOf(readHeader(header).name)?.concept.key;
  if (field.type === 'relation' && concept === 'customerName') return 'customer';
  // Keys of the system's own fields stay theirs.
  return concept === undefined || ['owner', 'createdAt', 'createdBy', 'sequence'].includes(concept)
    ? undefined
    : (conceptKeys[concept] ?? concept);
}

function configOf(field: ProposedField, made: ReadonlyMap<string, FormView>): Record<string, Json> {
  const form = String(field.config.formId ?? '');
  if (field.type !== 'relation' || !form.startsWith('target:')) return field.config as Record<string, Json>;
  return { ...(field.config as Record<string, Json>), formId: made.get(form.slice(7))?.id ?? '' };
}

/** Adds the options that the person made of texts in the file. */
function withOptions(
  target: ImportTarget,
  plan: StoredPlan,
  field: FieldInput,
  ref = field.key ?? '',
): FieldInput & { changed: boolean } {
  if (field.type === 'subform') {
    const lines = lineFieldsOf(field.config).map((line) => withOptions(target, plan, line, `${ref}.${line.key}`));
    // Keys of the plan give way to those made from the names.
    const fields = lines.map(({ changed: _, key, ...line }) => (line.id ? { ...line, key } : line));
    return {
      ...field,
      config: { ...field.config, fields: asJson(fields) },
      changed: lines.some(({ changed }) => changed),
    };
  }
  const decided = Object.entries(plan.options.options[`${target.key}.${ref}`] ?? {});
  if (field.type !== 'select' && field.type !== 'multiSelect') return { ...field, changed: false };
  const options = (field.config.options ?? []) as { id: string; label: string }[];
  const added = decided.filter(
    ([text, id]) => id === text && !options.some((option) => option.id === text || option.label === text),
  );
  if (added.length === 0) return { ...field, changed: false };
  const more = added.map(([text], index) => ({
    id: text,
    label: text,
    color: optionColors[(options.length + index + 1) % optionColors.length] ?? 'gray',
  }));
  return { ...field, config: { ...field.config, options: [...options, ...more] }, changed: true };
}

/** A subform with the fields that columns of the file add to its rows; one of the wanted name is used as it is. */
function withLines<Input extends FieldInput & { changed: boolean }>(
  target: ImportTarget,
  plan: StoredPlan,
  field: Input,
): Input {
  const known = lineFieldsOf(field.config);
  const added = target.newFields
    .filter(({ within, name }) => within === field.key && !known.some((line) => line.name === name))
    .map(({ key, name, type, config }) => {
      const { changed: _, ...line } = withOptions(target, plan, { name, type, config, rules: {} }, key);
      return line;
    });
  if (added.length === 0) return field;
  return {
    ...field,
    config: { ...field.config, fields: asJson([...known, ...added]) },
    changed: true,
  };
}

function inputOf(field: FormView['fields'][number]): FieldInput {
  const { system: _, writable: __, ...def } = field;
  return def;
}

/** A new 最后联系时间 looks at the visits that come with it. */
async function connectLastContact(maker: FormMaker, plan: StoredPlan, made: Map<string, FormView>): Promise<void> {
  for (const { target } of targetsOf(plan)) {
    const view = made.get(target.key);
    const fresh = target.newFields.find((field) => field.type === 'lastContact');
    const field = view?.fields.find((other) => other.name === fresh?.name);
    if (!view || !field) continue;
    const sources = targetsOf(plan).flatMap(({ sheet, target: other }) => sourceOf(view.id, sheet, other, made) ?? []);
    const known = (field.config.sources ?? []) as unknown[];
    if (sources.length === 0 || known.length > 0) continue;
    const fields = view.fields
      .filter((item) => !item.system)
      .map((item) => ({ ...inputOf(item), ...(item.id === field.id && { config: { ...item.config, sources } }) }));
    made.set(target.key, await maker.forms.update(await maker.fresh(), view.id, { fields, version: view.version }));
  }
}

function sourceOf(
  formId: FormId,
  sheet: SheetPlan,
  target: ImportTarget,
  made: ReadonlyMap<string, FormView>,
): { formId: FormId; relation: string; time: string } | undefined {
  const view = made.get(target.key);
  if (!view || entityOf(view.name) !== 'followUp') return undefined;
  const relation = view.fields.find((field) => field.type === 'relation' && field.config.formId === formId);
  const column = sheet.columns.find(
    (other) => other.to.target === target.key && conceptOf(readHeader(other.header).name)?.concept.key === 'followTime',
  );
  const name = target.newFields.find((field) => field.key === column?.to.field)?.name;
  const time = view.fields.find((field) => field.key === column?.to.field || field.name === name);
  return relation && time ? { formId: view.id, relation: relation.id, time: time.id } : undefined;
}

function targetsOf(plan: StoredPlan): { sheet: SheetPlan; target: ImportTarget }[] {
  return plan.sheets
    .filter((sheet) => sheet.include)
    .flatMap((sheet) => sheet.targets.map((target) => ({ sheet, target })));
}

function columnsOf(sheet: SheetPlan, target: ImportTarget) {
  return sheet.columns.flatMap((column) => {
    const field = target.newFields.find((other) => column.to.target === target.key && other.key === column.to.field);
    return field ? [{ fieldKey: field.key, header: column.header, type: field.type }] : [];
  });
}

/** The plan in terms of what exists now. */
function rewrite(
  plan: StoredPlan,
  made: ReadonlyMap<string, FormView>,
  keys: ReadonlyMap<string, ReadonlyMap<string, string>>,
): StoredPlan {
  const real = (target: string, field: string) => keys.get(target)?.get(field) ?? field;
  const sheets = plan.sheets.map((sheet) =>
    sheet.include
      ? {
          ...sheet,
          columns: sheet.columns.map((column) => {
            const { target, field } = column.to;
            return target === null || field === null
              ? column
              : { ...column, to: { ...column.to, field: real(target, field), status: 'matched' as const } };
          }),
          targets: sheet.targets.map(({ newForm: _, ...target }) => ({
            ...target,
            formId: made.get(target.key)?.id ?? target.formId,
            formName: made.get(target.key)?.name ?? target.formName,
            newFields: [],
            matchOn: target.matchOn.map((field) => real(target.key, field)),
            ...(target.link && { link: { ...target.link, field: real(target.key, target.link.field) } }),
          })),
        }
      : sheet,
  );
  const options = Object.fromEntries(
    Object.entries(plan.options.options).map(([name, map]) => {
      const dot = name.indexOf('.');
      const [target, field] = [name.slice(0, dot), name.slice(dot + 1)];
      return [`${target}.${real(target, field)}`, map];
    }),
  );
  return { sheets, options: { ...plan.options, options } };
}

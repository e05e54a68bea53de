import type { CreateFormBody } from '@lianke/shared/forms/definition';
import { shownFormula } from '@lianke/shared/formulas/compile';
import type { AppId } from '@lianke/shared/ids';
import type { FormView } from '../../api/queries.js';

/** The body that makes a form with the fields of another: same keys, layout and settings, no data. */
export function copyOf(source: FormView, appId: AppId, name: string): CreateFormBody {
  const own = source.fields.filter((field) => !field.system);
  const keyOf = new Map(source.fields.map((field) => [field.id as string, field.key]));
  const named = (reference: string) => keyOf.get(reference) ?? reference;
  const { task, titleField, summaryFields, ...rest } = source.settings;
  const world = { forms: [{ ...source, titleField, fields: [...source.fields] }] };
  const inNames = (expression: string) => shownFormula(expression, world, source.id);
  return {
    appId,
    name,
    fields: own.map(({ key, name: label, type, config, rules, hint, default: value }) => ({
      key,
      name: label,
      type,
      // Its sources are relations that point at the copied form.
      config:
        type === 'lastContact'
          ? {}
          : type === 'formula'
            ? { ...config, expression: inNames(String(config.expression ?? '')) }
            : config,
      rules,
      ...(hint ? { hint } : {}),
      ...(value?.kind === 'formula'
        ? { default: { ...value, expression: inNames(value.expression) } }
        : value
          ? { default: value }
          : {}),
    })),
    layout: {
      sections: source.layout.sections.map((section) => ({
        ...section,
        items: section.items.map((item) => ('field' in item ? { ...item, field: named(item.field) } : item)),
      })),
    },
    settings: {
      ...rest,
      summaryFields: summaryFields.map(named),
      ...(titleField ? { titleField: named(titleField) } : {}),
      ...(task
        ? {
            task: {
              ...task,
              title: named(task.title),
              owner: named(task.owner),
              done: named(task.done),
              ...(task.due ? { due: named(task.due) } : {}),
              ...(task.subject ? { subject: named(task.subject) } : {}),
            },
          }
        : {}),
    },
  };
}

import { type CrmForm, crmForm, type Named } from '../apps/crm-forms.js';
import type { Filter } from '../filter/ast.js';
import type { AggregateQuery } from '../records/query.js';

/** A figure of 我的本月 as a question to the records: a count, or the sum of a form's money. */
export interface MonthQuestion {
  key: CrmForm;
  formId: string;
  filter: Filter;
  /** How its one metric, named `value`, is reckoned. */
  metric: AggregateQuery['metrics'][number];
}

const mineThisMonth: Filter[] = [
  { field: 'owner', op: 'eq', value: { me: true } },
  { field: 'createdAt', op: 'eq', value: { rel: 'thisMonth' } },
];
/** What the template's approval writes into a contract that was refused: it is none. */
const refused = { field: 'state', option: '已拒绝' };
const counted: readonly CrmForm[] = ['customer', 'followUp'];
const summed: readonly CrmForm[] = ['opportunity', 'contract'];

interface Readable extends Named {
  forms: readonly (Named['forms'][number] & {
    actions: readonly string[];
    fields: readonly {
      key: string;
      type: string;
      system?: boolean | undefined;
      config?: Readonly<Record<string, unknown>> | undefined;
    }[];
  })[];
}

/** The figures a reader of these forms has, in their order; those without a form, a right or a sum are left out. */
export function monthQuestions(catalog: Readable): MonthQuestion[] {
  const about = (key: CrmForm, sum: boolean): MonthQuestion[] => {
    const form = crmForm(catalog, key);
    if (!form?.actions.includes('view')) return [];
    const standing: Filter[] = form.fields.some(marksRefused)
      ? [{ field: refused.field, op: 'ne', value: refused.option }]
      : [];
    const ask = { key, formId: form.id, filter: { and: [...mineThisMonth, ...standing] } };
    if (!sum) return [{ ...ask, metric: { fn: 'count', as: 'value' } }];
    const money = form.fields.find((field) => field.type === 'money' && !field.system);
    return money ? [{ ...ask, metric: { fn: 'sum', field: money.key, as: 'value' } }] : [];
  };
  return [...counted.flatMap((key) => about(key, false)), ...summed.flatMap((key) => about(key, true))];
}

function marksRefused({ key, type, config }: Readable['forms'][number]['fields'][number]): boolean {
  const options = config?.options;
  return (
    key === refused.field &&
    type === 'select' &&
    Array.isArray(options) &&
    options.some((option: { id?: unknown }) => option.id === refused.option)
  );
}

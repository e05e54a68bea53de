import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import type { AggregateQuery } from '@lianke/shared/records/query';
import { api } from '../api/client.js';
import { grouped, moneyParts, wanFrom } from '../fields/decimal.js';
import { t } from '../i18n/index.js';
import type { MessageKey } from '../i18n/zh.js';
import { isOffline } from '../platform/transport.js';
import { type Catalog, type CrmForm, crmForm, fieldOfType, may } from './forms.js';
import type { FormView } from './record-types.js';

export interface Figure {
  key: string;
  label: string;
  value: string;
  unit: string;
  formId: string;
  filter: Filter;
}

const mineThisMonth: Filter = {
  and: [
    { field: 'owner', op: 'eq', value: { me: true } },
    { field: 'createdAt', op: 'eq', value: { rel: 'thisMonth' } },
  ],
};
const counted: { form: CrmForm; label: MessageKey }[] = [
  { form: 'customer', label: 'month.customers' },
  { form: 'followUp', label: 'month.followUps' },
];
const summed: { form: CrmForm; label: MessageKey }[] = [
  { form: 'opportunity', label: 'month.opportunities' },
  { form: 'contract', label: 'month.contracts' },
];

async function aggregate(form: FormView, metric: AggregateQuery['metrics'][number], filter: Filter): Promise<string> {
  const answer = await api('records.aggregate', {
    params: { formId: form.id as FormId },
    body: { filter, metrics: [metric] },
  });
  return String(answer.items[0]?.metrics[metric.as] ?? 0);
}

/** How many records of a form meet a filter. */
export async function countOf(form: FormView, filter: Filter): Promise<number> {
  return Number(await aggregate(form, { fn: 'count', as: 'n' }, filter));
}

async function figure(catalog: Catalog, name: CrmForm, label: MessageKey, sum: boolean): Promise<Figure | null> {
  const form = crmForm(catalog, name);
  const money = form && fieldOfType(form, 'money');
  if (!form || !may(form, 'view') || (sum && !money)) return null;
  try {
    const base = { key: name, label: t(label), formId: form.id, filter: mineThisMonth };
    if (!money || !sum) return { ...base, value: grouped(String(await countOf(form, mineThisMonth))), unit: '' };
    const total = await aggregate(form, { fn: 'sum', field: money.key, as: 'sum' }, mineThisMonth);
    const { value, unit } = moneyParts(total, t, Number(total) >= wanFrom);
    return { ...base, value, unit };
  } catch (error) {
    // A figure the reader may not see is left out; without a network the stored ones stay.
    if (isOffline(error)) throw error;
    return null;
  }
}

/** The reader's own figures of this month; those without a form or a right are left out. */
export async function monthFigures(catalog: Catalog): Promise<Figure[]> {
  const found = await Promise.all([
    ...counted.map(({ form, label }) => figure(catalog, form, label, false)),
    ...summed.map(({ form, label }) => figure(catalog, form, label, true)),
  ]);
  return found.filter((item): item is Figure => item !== null);
}

import { groupThousands } from '@lianke/shared/fields/number/numeral';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import type { AggregateQuery } from '@lianke/shared/records/query';
import { type MonthQuestion, monthQuestions } from '@lianke/shared/workbench/month';
import { api } from '../api/client.js';
import { figureParts } from '../fields/decimal.js';
import { t } from '../i18n/index.js';
import type { MessageKey } from '../i18n/zh.js';
import { isUnreachable } from '../platform/transport.js';
import type { Catalog } from './forms.js';
import type { FormView } from './record-types.js';

export interface Figure {
  key: string;
  label: string;
  value: string;
  unit: string;
  formId: string;
  filter: Filter;
}

const labels: Partial<Record<MonthQuestion['key'], MessageKey>> = {
  customer: 'month.customers',
  followUp: 'month.followUps',
  opportunity: 'month.opportunities',
  contract: 'month.contracts',
};

async function aggregate(formId: string, metric: AggregateQuery['metrics'][number], filter: Filter): Promise<string> {
  const answer = await api('records.aggregate', {
    params: { formId: formId as FormId },
    body: { filter, metrics: [metric] },
  });
  return String(answer.items[0]?.metrics[metric.as] ?? 0);
}

/** How many records of a form meet a filter. */
export async function countOf(form: FormView, filter: Filter): Promise<number> {
  return Number(await aggregate(form.id, { fn: 'count', as: 'n' }, filter));
}

function figure({ key, formId, filter, metric }: MonthQuestion, value: string): Figure[] {
  const label = labels[key];
  if (!label) return [];
  const shown = metric.fn === 'sum' ? figureParts(value, t) : { value: groupThousands(value), unit: '' };
  return [{ key, label: t(label), formId, filter, ...shown }];
}

/** The month's figures of answers that came with the first screen. */
export function figuresFrom(catalog: Catalog, answers: readonly { key: string; value: string }[]): Figure[] {
  const values = new Map(answers.map((answer) => [answer.key, answer.value]));
  return monthQuestions(catalog).flatMap((question) => {
    const value = values.get(question.key);
    return value === undefined ? [] : figure(question, value);
  });
}

/** The reader's own figures of this month; those without a form or a right are left out. */
export async function monthFigures(catalog: Catalog): Promise<Figure[]> {
  const ask = async (question: MonthQuestion): Promise<Figure[]> => {
    try {
      return figure(question, await aggregate(question.formId, question.metric, question.filter));
    } catch (error) {
      // A figure the reader may not see is left out; without a network the stored ones stay.
      if (isUnreachable(error)) throw error;
      return [];
    }
  };
  return (await Promise.all(monthQuestions(catalog).map(ask))).flat();
}

import type { Filter } from '../filter/ast.js';
import { crmForm, type Named } from './crm-forms.js';

/** What is looked at in a field; any view of a form has it. */
interface AnyField {
  key: string;
  type: string;
  system?: boolean | undefined;
  config: object;
}

/** Where deals are kept: whose they are, how far and how much. */
export interface DealFields<Form, Field> {
  form: Form;
  customer: Field;
  stage: Field;
  amount: Field | undefined;
}

/** The deals (商机) of customers, where the reader sees whose they are and how far; undefined without such a form. */
export function dealFields<Field extends AnyField, Form extends Named['forms'][number] & { fields: readonly Field[] }>(
  catalog: { apps: Named['apps']; forms: readonly Form[] } | undefined,
): DealFields<Form, Form['fields'][number]> | undefined {
  const customers = crmForm(catalog, 'customer');
  const form = crmForm(catalog, 'opportunity');
  if (!customers || !form) return undefined;
  const own: readonly Form['fields'][number][] = form.fields.filter((field) => !field.system);
  const customer = own.find(
    ({ type, config }) => type === 'relation' && 'formId' in config && config.formId === customers.id,
  );
  const stage = own.find(({ type, config }) => type === 'select' && 'stages' in config && config.stages === true);
  if (!customer || !stage) return undefined;
  return { form, customer, stage, amount: own.find(({ type }) => type === 'money') };
}

/** Stages are words of the company's own: these end a deal, for good or ill. */
const ending = /赢单|输单|丢单|成交|签约|失败|流失|关闭|取消|作废|\b(won|lost|closed|cancelled)\b/i;

/** Whether a deal in the stage of this name is over. */
export function endsDeal(label: string): boolean {
  return ending.test(label);
}

/** The deals of these customers that are still open; `stages` are the options of the stage's field. */
export function openDeals(
  fields: Pick<DealFields<unknown, { key: string }>, 'customer' | 'stage'>,
  customerIds: readonly string[],
  stages: readonly { id: string; label: string }[],
): Filter {
  const open = stages.filter(({ label }) => !endsDeal(label)).map(({ id }) => id);
  return {
    and: [
      { field: fields.customer.key, op: 'in', value: [...customerIds] },
      { field: fields.stage.key, op: 'in', value: open },
    ],
  };
}

import { crmForm, type Named } from '../apps/crm-forms.js';
import type { Filter } from '../filter/ast.js';

/** What is looked at in a form's field; any view of a form has it. */
interface AnyField {
  key: string;
  name: string;
  type: string;
  system?: boolean | undefined;
  writable?: boolean | undefined;
  config: object;
}

const nextWords = /next|下次|下一步|下一次|提醒/i;

/** Whether a field is about what comes next, by its key or name. */
export function isAboutNext({ key, name }: Pick<AnyField, 'key' | 'name'>): boolean {
  return nextWords.test(key) || nextWords.test(name);
}

/** Which fields of a follow-up form a reader may write say about whom it is, what comes next and when. */
export function nextStepFields<Field extends AnyField>(
  form: { fields: readonly Field[] },
  customerFormId: string,
): { customer: Field | undefined; plan: Field | undefined; nextAt: Field | undefined } {
  const own = form.fields.filter((field) => !field.system && field.writable);
  const next = own.filter(isAboutNext);
  return {
    customer: own.find(
      ({ type, config }) => type === 'relation' && 'formId' in config && config.formId === customerFormId,
    ),
    plan: next.find(({ type }) => type === 'longText' || type === 'text'),
    nextAt: next.find(({ type }) => type === 'datetime' || type === 'date'),
  };
}

/** Follow-ups as a question to the records. */
export interface VisitsQuestion {
  formId: string;
  filter: Filter;
  fields: string[];
  limit: number;
}

const shownAtMost = 50;

interface Readable extends Named {
  forms: readonly (Named['forms'][number] & { fields: readonly AnyField[] })[];
}

/** The reader's own follow-ups whose next contact is today; undefined where forms or fields for that are missing. */
export function visitsQuestion(catalog: Readable | undefined): VisitsQuestion | undefined {
  const customers = crmForm(catalog, 'customer');
  const followUp = crmForm(catalog, 'followUp');
  if (!customers || !followUp) return undefined;
  const { customer, plan, nextAt } = nextStepFields(followUp, customers.id);
  if (!customer || !nextAt) return undefined;
  return {
    formId: followUp.id,
    filter: {
      and: [
        { field: 'owner', op: 'eq', value: { me: true } },
        { field: nextAt.key, op: 'eq', value: { rel: 'today' } },
      ],
    },
    fields: [customer.key, ...(plan ? [plan.key] : [])],
    limit: shownAtMost,
  };
}

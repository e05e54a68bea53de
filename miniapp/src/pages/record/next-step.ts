import type { FormId } from '@lianke/shared/ids';
import { useDidShow } from '@tarojs/taro';
import { api } from '../../api/client.js';
import type { Pointer } from '../../data/forms.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { wallClock } from '../../data/time.js';
import { type VisitFields, visitFields } from '../../data/visit-form.js';
import { zone } from '../../session/session.js';

export interface NextStep {
  date: string;
  text: string;
}

/** The nearest step ahead that a follow-up promised, of all the follow-ups there are. */
export function useNextStep(form: FormView, recordId: string, followUps: Pointer | undefined): NextStep | undefined {
  const fields = followUps && visitFields(followUps.form, form.id);
  const wanted = followUps && fields?.nextAt ? followUps : undefined;
  const found = useResource(wanted ? `data:related:${recordId}:next` : null, async () => {
    if (!wanted || !fields?.nextAt) return undefined;
    const today = wallClock(zone(), Date.now()).date;
    const page = await api('records.query', {
      params: { formId: wanted.form.id as FormId },
      body: {
        filter: {
          and: [
            { field: wanted.field.key, op: 'eq', value: recordId },
            { field: fields.nextAt.key, op: 'gte', value: today },
          ],
        },
        sort: [{ field: fields.nextAt.key, dir: 'asc' }],
        limit: 1,
        total: false,
      },
    });
    return page.items[0] && stepOf(page.items[0], fields);
  });
  useDidShow(() => void found.reload());
  return found.data;
}

function stepOf({ values }: RecordRow, { nextAt, plan, content }: VisitFields): NextStep {
  const at = nextAt && values[nextAt.key];
  const date = typeof at !== 'string' ? '' : at.length === 10 ? at : wallClock(zone(), Date.parse(at)).date;
  return { date, text: String((plan && values[plan.key]) || values[content.key] || '') };
}

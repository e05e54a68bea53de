import type { Filter } from '@lianke/shared/filter/ast';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import { evaluate } from '@lianke/shared/filter/evaluate';
import type { Trigger } from '@lianke/shared/flows/triggers';
import type { FormMeta } from '../forms/form-meta.js';
import type { RecordEventKind, StoredValues } from '../records/contracts.js';
import { filterFieldOf } from '../records/sql/read-scope.js';

export interface EventImage {
  kind: RecordEventKind;
  before: StoredValues;
  after: StoredValues;
  changed: string[];
  door?: string;
  /** The flow whose approval ended. */
  flowId?: string | null;
}

/** Whether an event starts a flow. Conditions read the event's images, never today's data (design §5). */
export function matchesTrigger(trigger: Trigger, form: FormMeta, event: EventImage, env: FilterEnv): boolean {
  const meets = (filter: Filter | undefined, values: StoredValues) =>
    !filter || evaluate(filter, lookupIn(form, values), env);
  switch (trigger.type) {
    case 'recordCreated':
      return event.kind === 'created' && meets(trigger.filter, event.after);
    case 'recordUpdated': {
      if (event.kind !== 'updated') return false;
      const wanted = trigger.fields.map((ref) => form.field(ref)?.id as string | undefined);
      // Values that only followed from others start nothing but the flows that name them.
      const own = event.changed.some((id) => !form.field(id)?.derived);
      return (
        ((wanted.length === 0 && own) || wanted.some((id) => id !== undefined && event.changed.includes(id))) &&
        meets(trigger.before, { ...event.after, ...event.before }) &&
        meets(trigger.filter, event.after)
      );
    }
    case 'recordDeleted':
      return event.kind === 'deleted' && meets(trigger.filter, event.after);
    case 'recordRestored':
      return event.kind === 'restored' && meets(trigger.filter, event.after);
    case 'formSubmitted':
      return event.kind === 'created' && event.door === 'public' && meets(trigger.filter, event.after);
    case 'approvalEnded':
      return (
        trigger.outcomes.includes(event.kind as never) &&
        (trigger.flowId === undefined || trigger.flowId === event.flowId)
      );
    case 'entersFilter': {
      if (!meets(trigger.filter, event.after)) return false;
      if (event.kind === 'created' || event.kind === 'restored') return true;
      return event.kind === 'updated' && !meets(trigger.filter, { ...event.after, ...event.before });
    }
    default:
      return false;
  }
}

function lookupIn(form: FormMeta, values: StoredValues) {
  return (ref: string) => {
    const field = form.field(ref);
    return field && { field: filterFieldOf(field), value: values[field.id] };
  };
}

import { fieldsOf } from '@lianke/shared/filter/ast';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import { FilterFault } from '@lianke/shared/filter/evaluate';
import { filterOf } from '@lianke/shared/flows/triggers';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { FlowForecast } from '../ports.js';
import type { StoredValues } from '../records/contracts.js';
import type { PublishedFlow } from './published-flows.js';
import { matchesTrigger } from './trigger-match.js';

/** What the flows that watch new records would do, each record tried on each flow's own condition. */
export class CreationForecast implements FlowForecast {
  private readonly starts = new Map<PublishedFlow, number>();

  constructor(
    private readonly flows: ReadonlyMap<FormId, readonly PublishedFlow[]>,
    private readonly forms: TenantForms,
    private readonly env: FilterEnv,
  ) {}

  create(formId: FormId, values: Readonly<Record<string, Json>>): void {
    const form = this.forms.get(formId);
    if (!form) return;
    for (const flow of this.flows.get(formId) ?? [])
      if (this.begins(flow, form, values)) this.starts.set(flow, (this.starts.get(flow) ?? 0) + 1);
  }

  /** Counts each node once a start: which way a branch will take is not foreseen. */
  sum(): { tasks: number; messages: number; flows: string[] } {
    const sum = { tasks: 0, messages: 0, flows: [] as string[] };
    for (const [flow, starts] of this.starts) {
      const count = (...types: string[]) =>
        starts * flow.definition.nodes.filter((node) => types.includes(node.type)).length;
      sum.flows.push(flow.name);
      sum.tasks += count('createRecord', 'approval');
      sum.messages += count('message', 'approval');
    }
    return sum;
  }

  private begins(flow: PublishedFlow, form: FormMeta, values: Readonly<Record<string, Json>>): boolean {
    const { trigger } = flow.definition;
    const after: StoredValues = {};
    const filter = filterOf(trigger);
    for (const ref of filter ? fieldsOf(filter) : []) {
      const field = form.field(ref);
      if (field) after[field.id] = values[field.key] ?? null;
    }
    try {
      return matchesTrigger(trigger, form, { kind: 'created', before: {}, after, changed: [] }, this.env);
    } catch (error) {
      if (error instanceof FilterFault) return false;
      throw error;
    }
  }
}

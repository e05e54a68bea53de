import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FieldUse } from '@lianke/shared/forms/versions';
import { compile } from '@lianke/shared/formulas/compile';
import type { FormulaWorld } from '@lianke/shared/formulas/world';
import type { AppId, FlowId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { worldOf } from '../derived/world.js';
import type { TenantForms } from '../forms/form-registry.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned, names } from '../forms/uses/mentions.js';
import { compileInFlow } from './run-formula.js';

/** Tells designers of forms which flows use a field, as drafted or as published. */
@Injectable()
export class FlowFieldUses {
  constructor(uses: FieldUses) {
    uses.register(usesInFlows);
  }
}

async function usesInFlows(tx: Tx, { form, fields, forms }: UseQuestion): Promise<FieldUse[]> {
  const flows = await tx.sql<{
    id: FlowId;
    app_id: AppId;
    name: string;
    draft: FlowDefinition;
    published: FlowDefinition | null;
  }>(
    `SELECT f.id, f.app_id, f.name, f.draft, v.definition AS published FROM lianke.flow f
     LEFT JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version
     ORDER BY f.name, f.id`,
  );
  const asked = new Set(fields.map(({ id }) => id));
  const world = worldOf(forms.all);
  return flows.flatMap((flow) => {
    const all = [flow.draft, ...(flow.published ? [flow.published] : [])];
    const definitions = all.filter((definition) => names(definition, form.id));
    const read = all.flatMap((definition) => inFormulas(definition, forms, world)).filter((id) => asked.has(id));
    const used = [...new Set([...mentioned(definitions, fields), ...read])];
    return used.length === 0
      ? []
      : [{ kind: 'flow', name: flow.name, id: flow.id, appId: flow.app_id, formId: form.id, fields: used }];
  });
}

/** Ids of the fields that a flow's formulas read. They are kept as they were written, by names or keys. */
function inFormulas(definition: FlowDefinition, forms: TenantForms, world: FormulaWorld): string[] {
  const { formId } = definition.trigger;
  return formulasIn(definition).flatMap((formula) =>
    // Those for people read the trigger's record and its rows; others what came before as well.
    [compileInFlow(formula, forms, definition), ...(formId ? [compile(formula, world, formId)] : [])].flatMap((done) =>
      done.ok
        ? [...done.formula.refs.values()].flatMap(({ hops, field }) => [
            ...hops.map((hop) => hop.relation),
            ...(field ? [field.id] : []),
          ])
        : [],
    ),
  );
}

/** Sources of the formulas that stand in a flow. */
export function formulasIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'formula' && typeof item === 'string' ? [item] : formulasIn(item),
  );
}

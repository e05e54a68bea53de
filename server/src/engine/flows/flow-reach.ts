import { recordFormOf } from '@lianke/shared/flows/answers';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { groundForm } from '@lianke/shared/flows/formula-world';
import { compile } from '@lianke/shared/formulas/compile';
import type { Resolved } from '@lianke/shared/formulas/world';
import { refusal } from '../../kernel/errors/app-error.js';
import type { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { worldOf } from '../derived/world.js';
import type { FieldMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import { mentioned, names } from '../forms/uses/mentions.js';
import { formulasIn } from './flow-field-uses.js';
import { refsIn } from './refs-in.js';
import { compileInFlow } from './run-formula.js';

/**
 * Flows run with every right. Who does not design all the company's apps may let one name only forms of his own, reach no
 * others over their relations, and read no field that is computed from what he may not see. The record that a relation
 * names may be told by its title, as the form itself tells it.
 */
export async function requireReach(
  access: AccessService,
  forms: TenantForms,
  ctx: TenantContext,
  definition: FlowDefinition,
): Promise<void> {
  if ((await access.permissions(ctx)).design) return;
  await access.requireDesignOfNamed(ctx, definition);
  const { designs } = await access.designer(ctx);
  const resolved = inFormulas(definition, forms);
  for (const id of [...overPaths(definition, forms), ...resolved.flatMap(overHops)]) {
    const form = forms.get(id);
    if (form && !designs(form.appId))
      throw refusal('forbidden', { zh: `设计应用（${form.name}）`, en: `design apps (${form.name})` });
  }
  const accessOf = await access.ofForms(ctx);
  const unseen: FieldMeta[] = forms.all
    .filter((form) => names(definition, form.id))
    .flatMap((form) => form.fields.filter((field) => !field.part && !accessOf(form.id).sees(field)));
  const read = new Set([...mentioned(definition, unseen), ...resolved.flatMap(({ field }) => field?.id ?? [])]);
  const field = unseen.find(({ id }) => read.has(id));
  if (field) throw refusal('forbidden', { zh: `查看字段“${field.name}”`, en: `view the field "${field.name}"` });
}

/** Forms that references step into over a relation. */
function overPaths(definition: FlowDefinition, forms: TenantForms): string[] {
  return refsIn(definition).flatMap(({ source, path }) => {
    const reached: string[] = [];
    let form = forms.get(recordFormOf(definition, source) ?? '');
    for (const part of path.split('.').slice(0, -1)) {
      const field: FieldMeta | undefined = form?.field(part);
      form = field?.type.refers === 'record' ? forms.get(String(field.def.config.formId)) : undefined;
      if (form) reached.push(form.id);
    }
    return reached;
  });
}

/** Forms that a formula's reference steps into; a record at its end is read by its title alone. */
function overHops({ hops, record }: Resolved): string[] {
  return (record ? hops.slice(0, -1) : hops).map(({ to }) => to.id).filter((id) => id !== groundForm);
}

/** What formulas of a flow read: those for people over the trigger's record, others over what came before as well. */
function inFormulas(definition: FlowDefinition, forms: TenantForms): Resolved[] {
  const { formId } = definition.trigger;
  const world = worldOf(forms.all);
  return formulasIn(definition)
    .flatMap((formula) => [
      compileInFlow(formula, forms, definition),
      ...(formId ? [compile(formula, world, formId)] : []),
    ])
    .flatMap((done) => (done.ok ? [...done.formula.refs.values()] : []));
}

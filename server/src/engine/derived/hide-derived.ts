import { type FormAccess, noAccess } from '../access/form-access.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Derivation, Input } from './derivation.js';
import { derivationsOf } from './derivations.js';

/**
 * The accesses with derived fields hidden from whoever may not see one of their inputs, unless an administrator made
 * the result visible. What is computed from a hidden derived field is hidden with it.
 */
export function hideDerived(granted: ReadonlyMap<string, FormAccess>, forms: TenantForms): Map<string, FormAccess> {
  const result = hidden(granted, forms);
  for (const [formId, access] of result) {
    if (!access.pool) continue;
    // In its pool a form is seen by the pool's access, the others as ever.
    const inside = hidden(new Map(result).set(formId, access.pool.access), forms).get(formId);
    if (inside) result.set(formId, access.withPool({ ...access.pool, access: inside }));
  }
  return result;
}

function hidden(granted: ReadonlyMap<string, FormAccess>, forms: TenantForms): Map<string, FormAccess> {
  const result = new Map(granted);
  const derivations = derivationsOf(forms).all.filter((item) => item.field.derived && !item.visible);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { form, field, inputs } of derivations) {
      const access = result.get(form.id);
      if (!access?.mayRead(field) || inputs.every((input) => seen(input, result))) continue;
      result.set(form.id, access.hiding([field.id]));
      changed = true;
    }
  }
  return result;
}

/** Whether a reader with these accesses sees all inputs of a derived field: its expression may be shown to him. */
export function seesInputs(derivation: Derivation, accessOf: (formId: string) => FormAccess): boolean {
  return derivation.inputs.every((input) => seesInput(input, accessOf));
}

/** Whether a reader with these accesses sees what an expression reads. */
export function seesInput(input: Input, accessOf: (formId: string) => FormAccess): boolean {
  return seen(input, { get: (formId) => accessOf(formId) });
}

function seen({ steps, form, field }: Input, accesses: Pick<ReadonlyMap<string, FormAccess>, 'get'>): boolean {
  const of = (formId: string) => accesses.get(formId) ?? noAccess;
  const onTheWay = steps.every(({ kind, relation, from, to }) => {
    const holder = kind === 'one' ? from : to;
    return of(holder.id).sees(relation) && of(to.id).may('view');
  });
  return onTheWay && (!field || of(form.id).sees(field));
}

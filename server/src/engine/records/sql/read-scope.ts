import { findPath } from '@lianke/shared/fields/cascader/value';
import { findOption } from '@lianke/shared/fields/select/value';
import type { FilterEnv, FilterField } from '@lianke/shared/filter/condition-test';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FormAccess } from '../../access/form-access.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { TenantForms } from '../../forms/form-registry.js';

/** Everything that compiling a query for one reader needs: no query is compiled without it. */
export interface ReadScope {
  forms: TenantForms;
  accessOf(form: FormMeta): FormAccess;
  /** Whose rows a related record lends its own to: `accessOf` unless told. A key's list of forms does not narrow it. */
  lendingOf?: ((form: FormMeta) => FormAccess) | undefined;
  env: FilterEnv;
}

/** A field reached through zero or more relations. */
export interface FieldPath {
  /** Relation fields to follow, outermost first, each with the form it leads to. */
  hops: { field: FieldMeta; target: FormMeta }[];
  form: FormMeta;
  field: FieldMeta;
}

const maxHops = 3;

/**
 * Resolves `customer.grade`. A field the reader may not see answers exactly what an unknown one does, wherever it
 * stands on the path. Only conditions go `through: 'any'` relation: to many records there is no single value to sort by.
 * What is `compared` (filtered, sorted, grouped, counted) must be seen as it is, in some rows at least: in the others it
 * counts as empty (`seenColumn`). What is only `shown` may have stars.
 */
export function resolvePath(
  scope: ReadScope,
  form: FormMeta,
  ref: string,
  through: 'one' | 'any' = 'one',
  use: 'compared' | 'shown' = 'compared',
): FieldPath {
  const parts = ref.split('.');
  const unknown = () => new AppError('unknown_field', { field: ref });
  if (parts.length > maxHops + 1) throw unknown();
  const hops: FieldPath['hops'] = [];
  let at = form;
  for (const [index, part] of parts.entries()) {
    const field = at.field(part);
    const access = scope.accessOf(at);
    if (!field || !access.mayRead(field)) throw unknown();
    if (use === 'compared' && !access.compares(field)) throw new AppError('field_masked', { field: field.name });
    if (index === parts.length - 1) return { hops, form: at, field };
    const target =
      field.type.refers === 'record' && (through === 'any' || field.storage === 'uuid')
        ? scope.forms.get((field.config as { formId: string }).formId)
        : undefined;
    if (!target || !scope.accessOf(target).may('view')) throw unknown();
    hops.push({ field, target });
    at = target;
  }
  throw unknown();
}

/** What filters need to know of a field. */
export function filterFieldOf(field: Pick<FieldMeta, 'config' | 'type' | 'storage' | 'cipher'>): FilterField {
  const options = (field.config as { options?: { id: string; label: string }[] }).options;
  const { compares } = field.type;
  const encrypted = field.cipher !== undefined;
  return {
    storage: field.storage,
    ...(compares ? { compares } : {}),
    operators: field.type.operators,
    canonical: encrypted
      ? (text) => canonicalText(field, text)
      : options
        ? (text) =>
            compares === 'path'
              ? findPath(text.split('/'), options)
                  ?.map((option) => option.id)
                  .join('/')
              : findOption(text, options)
        : undefined,
  };
}

/** Encrypted values are found by being the same to the letter: what is asked for is written as they are. */
function canonicalText(field: Pick<FieldMeta, 'config' | 'type'>, text: string): string | undefined {
  const parsed = field.type.parse(text, field.config);
  if (!parsed.ok || parsed.value === null) return undefined;
  return Array.isArray(parsed.value) ? String(parsed.value[0]) : String(parsed.value);
}

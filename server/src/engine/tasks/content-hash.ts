import { createHash } from 'node:crypto';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormMeta } from '../forms/form-meta.js';
import type { StoredValues } from '../records/contracts.js';

/**
 * Fingerprint of what an approver saw: the record's own fields, without those that change by themselves (system and derived
 * fields) or that the flow itself writes.
 */
export function contentHash(form: FormMeta, values: StoredValues, definition: FlowDefinition): string {
  const written = new Set<string>();
  for (const node of definition.nodes)
    if (node.type === 'updateRecord' && node.target === 'trigger')
      for (const item of node.assignments) written.add(form.field(item.field)?.id ?? item.field);
  const content = form.fields
    .filter((field) => !field.system && field.writable && !written.has(field.id))
    .map((field) => [field.id, values[field.id] ?? null])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

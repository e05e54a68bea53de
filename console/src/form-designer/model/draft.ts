import type { FormDraft } from '@lianke/shared/forms/versions';
import type { Json } from '@lianke/shared/json';
import type { Design } from './design.js';

/** An unpublished design as the server keeps it. `base` is what it was made on, for merging. */
export interface Draft extends Omit<FormDraft, 'design' | 'base'> {
  design: Design;
  base: Design;
}

function sound(design: object): design is Design {
  const { name, fields, sections, settings } = design as Partial<Design>;
  return (
    typeof name === 'string' &&
    typeof fields === 'object' &&
    fields !== null &&
    Array.isArray(sections) &&
    typeof settings === 'object' &&
    settings !== null
  );
}

/** The server's draft as a design; undefined when there is none, or none that this designer can read. */
export function readDraft(draft: FormDraft | null): Draft | undefined {
  return draft && sound(draft.design) && sound(draft.base) ? (draft as unknown as Draft) : undefined;
}

/** A design as the server keeps it. */
export function writtenDesign(design: Design): Record<string, Json> {
  return design as unknown as Record<string, Json>;
}

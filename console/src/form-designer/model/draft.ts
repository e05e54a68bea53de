import type { Design } from './design.js';

/** An unpublished design kept in this browser. `base` is what it was made on, for merging. */
export interface Draft {
  format: 1;
  version: number;
  base: Design;
  design: Design;
  /** RFC 3339. */
  savedAt: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

function keyOf(formId: string): string {
  return `lianke.form-draft.${formId}`;
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const draft = value as Partial<Draft>;
  const sound = (design: Design | undefined) =>
    typeof design === 'object' &&
    design !== null &&
    typeof design.name === 'string' &&
    typeof design.fields === 'object' &&
    Array.isArray(design.sections) &&
    typeof design.settings === 'object';
  return draft.format === 1 && typeof draft.version === 'number' && sound(draft.base) && sound(draft.design);
}

/** The form's draft in this browser; undefined when there is none or it cannot be read. */
export function loadDraft(store: Store, formId: string): Draft | undefined {
  try {
    const value = JSON.parse(store.getItem(keyOf(formId)) ?? 'null') as unknown;
    return isDraft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the draft; answers false when the browser has no room or refuses. */
export function saveDraft(store: Store, formId: string, draft: Draft): boolean {
  try {
    store.setItem(keyOf(formId), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Forgets the draft, after publishing or when it is given up. */
export function dropDraft(store: Store, formId: string): void {
  try {
    store.removeItem(keyOf(formId));
  } catch {
    // A browser that refuses storage has nothing to forget.
  }
}

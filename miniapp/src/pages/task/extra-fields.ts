import type { Json, ReadField } from '../../data/record-types.js';

const bare = { id: '', hint: '', rules: {}, config: {}, system: false };

/** A signature by finger, as the form's own field of that kind draws it. */
export const signatureField = (name: string): ReadField =>
  ({ ...bare, key: 'signature', name, type: 'signature', rules: { required: true } }) as ReadField;

export const attachmentsField = (name: string): ReadField =>
  ({ ...bare, key: 'attachments', name, type: 'attachment' }) as ReadField;

export const copiesField = (name: string): ReadField => ({ ...bare, key: 'cc', name, type: 'members' }) as ReadField;

/** Ids of files or members, as their fields hold them or as they are sent. */
export function idsOf(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : []).flatMap((item) => {
    if (typeof item === 'string') return [item];
    return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string' ? [item.id] : [];
  });
}

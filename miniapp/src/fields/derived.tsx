import { shownAs } from '@lianke/shared/fields/derived';
import { formatField } from './registry.js';
import type { FieldRenderer } from './types.js';

/** Results are shown as fields of their own kind are; nobody edits them. */
export const derivedField: FieldRenderer = {
  Control: null,
  format: (value, field, context) => formatField(shownAs(field), value, context),
};

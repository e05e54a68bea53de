import { shownAs } from '@lianke/shared/fields/derived';
import { fieldRenderers } from './registry.js';
import type { FieldRenderer, ValueProps } from './renderer.js';

function Value({ field, value }: ValueProps) {
  const shown = shownAs(field);
  const { Value: Shown } = fieldRenderers[shown.type];
  return <Shown field={shown} value={value} />;
}

/** Results are shown as fields of their own kind are; nobody edits them. */
export const derived: FieldRenderer = {
  Value,
  text: (field, value) => {
    const shown = shownAs(field);
    return fieldRenderers[shown.type].text(shown, value);
  },
  inCell: false,
  width: 130,
};

import { type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';
import { LineEditor } from './text.js';

function Value({ value }: ValueProps) {
  if (isEmptyValue(value)) return null;
  return (
    <a href={`mailto:${String(value)}`} onClick={(event) => event.stopPropagation()}>
      {String(value)}
    </a>
  );
}

export const email: FieldRenderer = {
  Value,
  Editor: LineEditor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 180,
};

import { type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';
import { LineEditor } from './text.js';

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : <span className="tabular">{String(value)}</span>;
}

export const creditCode: FieldRenderer = {
  Value,
  Editor: LineEditor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 190,
};

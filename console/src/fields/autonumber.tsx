import { type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : <span className="tabular">{String(value)}</span>;
}

export const autonumber: FieldRenderer = {
  Value,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: false,
  width: 150,
};

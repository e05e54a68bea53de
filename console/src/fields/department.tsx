import { DepartmentPicker } from '../shared/department-picker.js';
import { referenceEditor } from './reference-editor.js';
import { type FieldRenderer, referenceOf, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return <>{referenceOf(value)?.label ?? ''}</>;
}

export const department: FieldRenderer = {
  Value,
  Editor: referenceEditor(DepartmentPicker),
  text: (_, value) => referenceOf(value)?.label ?? '',
  inCell: true,
  width: 130,
};

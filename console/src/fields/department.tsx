import { DepartmentPicker } from '../shared/department-picker.js';
import { type EditorProps, type FieldRenderer, referenceOf, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return <>{referenceOf(value)?.label ?? ''}</>;
}

function Editor({ value, onChange, onDone, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  return (
    <DepartmentPicker
      id={id}
      label={label}
      value={referenceOf(value)}
      onChange={(next) => {
        onChange(next);
        onDone?.();
      }}
      autoFocus={autoFocus}
      disabled={disabled}
      invalid={invalid}
      open={inCell}
    />
  );
}

export const department: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => referenceOf(value)?.label ?? '',
  inCell: true,
  width: 130,
};

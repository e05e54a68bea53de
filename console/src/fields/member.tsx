import { MemberPicker } from '../shared/member-picker.js';
import { Person } from '../shared/person.js';
import { type EditorProps, type FieldRenderer, referenceOf, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  const member = referenceOf(value);
  return member ? <Person name={member.label} /> : null;
}

function Editor({ value, onChange, onDone, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  return (
    <MemberPicker
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

export const member: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => referenceOf(value)?.label ?? '',
  inCell: true,
  width: 120,
};

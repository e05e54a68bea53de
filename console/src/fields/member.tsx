import { MemberPicker } from '../shared/member-picker.js';
import { Person } from '../shared/person.js';
import { referenceEditor } from './reference-editor.js';
import { type FieldRenderer, referenceOf, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  const member = referenceOf(value);
  return member ? <Person name={member.label} /> : null;
}

export const member: FieldRenderer = {
  Value,
  Editor: referenceEditor(MemberPicker),
  text: (_, value) => referenceOf(value)?.label ?? '',
  inCell: true,
  width: 120,
};

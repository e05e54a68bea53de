import { useMembers } from '../api/queries.js';
import { MembersPicker } from '../shared/member-picker.js';
import { Person } from '../shared/person.js';
import styles from './fields.module.css';
import { type EditorProps, type FieldRenderer, referencesOf, referencesText, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return (
    <span className={styles.chips}>
      {referencesOf(value).map((member) => (
        <Person key={member.id} name={member.label} />
      ))}
    </span>
  );
}

function Editor({ value, onChange, id, label, disabled, inCell }: EditorProps) {
  const members = useMembers();
  const chosen = referencesOf(value);
  const nameOf = (memberId: string) =>
    chosen.find((item) => item.id === memberId)?.label ??
    members.data?.find((item) => item.id === memberId)?.name ??
    memberId;
  return (
    <MembersPicker
      id={id}
      label={label}
      value={chosen.map((item) => item.id)}
      keep={chosen}
      open={inCell}
      onChange={(ids) => onChange(ids.length === 0 ? null : ids.map((each) => ({ id: each, label: nameOf(each) })))}
      disabled={disabled}
    />
  );
}

export const members: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => referencesText(value),
  inCell: true,
  width: 180,
};

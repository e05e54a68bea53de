import type { Filter } from '@lianke/shared/filter/ast';
import { Link } from 'react-router-dom';
import { RecordPicker } from '../shared/record-picker.js';
import { type EditorProps, type FieldLike, type FieldRenderer, referenceOf, type ValueProps } from './renderer.js';

/** The form that a relation field points at. */
export function targetOf(field: FieldLike): string {
  return typeof field.config.formId === 'string' ? field.config.formId : '';
}

/** What records must meet to be chosen for this field now. */
export function pickOf(field: FieldLike): Filter | undefined {
  return field.config.pick as Filter | undefined;
}

function Value({ field, value }: ValueProps) {
  const record = referenceOf(value);
  if (!record) return null;
  return (
    <Link to={`/forms/${targetOf(field)}/records/${record.id}`} onClick={(event) => event.stopPropagation()}>
      {record.label}
    </Link>
  );
}

function Editor({ field, value, onChange, onDone, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  return (
    <RecordPicker
      id={id}
      label={label}
      formId={targetOf(field)}
      filter={pickOf(field)}
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

export const relation: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => referenceOf(value)?.label ?? '',
  inCell: true,
  width: 170,
};

import type { RecordView } from '@lianke/shared/records/query';
import { useForm } from '../api/queries.js';
import { titleFieldOf } from './layout.js';
import { RecordDrawer } from './record-drawer.js';

interface Props {
  formId: string;
  /** What was looked for: the new record's title. */
  text: string;
  onClose: () => void;
  onSaved: (record: RecordView) => void;
}

/** A new record of the form a relation points at, made without leaving what is being filled in. */
export function CreateInPicker({ formId, text, onClose, onSaved }: Props) {
  const form = useForm(formId).data;
  if (!form) return null;
  const title = titleFieldOf(form);
  const named = title?.type === 'text' && title.writable && text !== '';
  return (
    <RecordDrawer
      form={form}
      open
      onClose={onClose}
      {...(named ? { preset: { [title.key]: text } } : {})}
      onSaved={onSaved}
      once
    />
  );
}

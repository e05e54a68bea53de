import { Alert } from 'antd';
import { innerFields } from '../../fields/subform/rows.js';
import { colon } from '../../i18n/punctuation.js';
import { useText } from '../i18n.js';
import type { Preview } from './use-preview.js';

/** What saving would answer: everything the rules find wrong, field by field. */
export function TrialAnswer({ form, faults }: Pick<Preview, 'form' | 'faults'>) {
  const text = useText();
  if (!faults) return null;
  const wrong = Object.entries(faults);
  if (wrong.length === 0) return <Alert type="success" showIcon title={text('previewFine')} />;
  const nameOf = (key: string) => {
    const row = /^(.+)\[(\d+)\]\.(.+)$/.exec(key);
    const field = form.fields.find((item) => item.key === (row?.[1] ?? key));
    if (!row || !field) return field?.name ?? key;
    const inner = innerFields(field).find((item) => item.key === row[3]);
    return text('previewRow', { name: field.name, n: Number(row[2]) + 1, column: inner?.name ?? '' });
  };
  return (
    <Alert
      type="error"
      showIcon
      title={text('previewWrong', { n: wrong.length })}
      description={
        <ul style={{ margin: 0, paddingInlineStart: 20 }}>
          {wrong.map(([key, reason]) => (
            <li key={key}>
              {nameOf(key)}
              {colon()}
              {reason}
            </li>
          ))}
        </ul>
      }
    />
  );
}

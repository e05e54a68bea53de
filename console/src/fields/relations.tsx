import { CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { RecordPicker } from '../shared/record-picker.js';
import styles from './fields.module.css';
import { pickOf, targetOf } from './relation.js';
import { type EditorProps, type FieldRenderer, referencesOf, referencesText, type ValueProps } from './renderer.js';

function Value({ field, value }: ValueProps) {
  return (
    <span className={styles.chips} style={{ columnGap: 10 }}>
      {referencesOf(value).map((record) => (
        <Link
          key={record.id}
          className="ellipsis"
          to={`/forms/${targetOf(field)}/records/${record.id}`}
          onClick={(event) => event.stopPropagation()}
        >
          {record.label}
        </Link>
      ))}
    </span>
  );
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid }: EditorProps) {
  const { t } = useTranslation('fields');
  const chosen = referencesOf(value);
  const put = (next: { id: string; label: string }[]) => onChange(next.length === 0 ? null : next);
  return (
    <div style={{ display: 'grid', gap: 4 }}>
      {chosen.map((record) => (
        <div key={record.id} style={{ display: 'flex', gap: 4, alignItems: 'center' }}>
          <span className="ellipsis" style={{ flex: 1 }}>
            {record.label}
          </span>
          {!disabled && (
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t('removeFile', { name: record.label })}
              onClick={() => put(chosen.filter((item) => item.id !== record.id))}
            />
          )}
        </div>
      ))}
      <RecordPicker
        id={id}
        label={label}
        formId={targetOf(field)}
        filter={pickOf(field)}
        value={null}
        onChange={(next) => next && !chosen.some((item) => item.id === next.id) && put([...chosen, next])}
        autoFocus={autoFocus}
        disabled={disabled}
        invalid={invalid}
      />
    </div>
  );
}

export const relations: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => referencesText(value),
  inCell: false,
  width: 200,
};

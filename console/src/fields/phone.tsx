import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { pause } from '../i18n/punctuation.js';
import { type EditorProps, type FieldRenderer, stringsOf, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return <span className="tabular">{stringsOf(value).join(pause())}</span>;
}

/** In a cell all numbers are typed in one line; in a form each has its own. */
function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { t } = useTranslation('fields');
  const status = invalid ? 'error' : '';
  if (inCell) {
    return (
      <Input
        aria-label={label}
        inputMode="tel"
        value={stringsOf(value).join(pause())}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value.split(/[、,，;；/]/))}
        autoFocus={autoFocus}
        disabled={disabled}
        status={status}
      />
    );
  }
  const max = typeof field.config.max === 'number' ? field.config.max : 3;
  const numbers = stringsOf(value);
  const rows = numbers.length === 0 ? [''] : numbers;
  const put = (next: string[]) => onChange(next.length === 0 || next.every((item) => item === '') ? null : next);
  return (
    <div style={{ display: 'grid', gap: 6 }}>
      {rows.map((row, index) => (
        // Rows have no identity of their own but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} style={{ display: 'flex', gap: 4 }}>
          <Input
            id={index === 0 ? id : undefined}
            aria-label={index === 0 ? label : t('phoneN', { n: index + 1 })}
            inputMode="tel"
            value={row}
            onChange={(event) => put(rows.map((item, at) => (at === index ? event.target.value : item)))}
            autoFocus={index === 0 ? autoFocus : false}
            disabled={disabled}
            status={status}
          />
          {index > 0 && (
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('removePhone')}
              onClick={() => put(rows.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {rows.length < max && rows[rows.length - 1] !== '' && !disabled && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          style={{ justifySelf: 'start', paddingInline: 0 }}
          onClick={() => onChange([...rows, ''])}
        >
          {t('addPhone')}
        </Button>
      )}
    </div>
  );
}

export const phone: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => stringsOf(value).join(pause()),
  inCell: true,
  width: 140,
};

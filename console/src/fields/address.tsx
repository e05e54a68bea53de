import { addressText } from '@lianke/shared/fields/address/value';
import type { Json } from '@lianke/shared/json';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';

const parts = ['province', 'city', 'district', 'detail'] as const;

function partsOf(value: Json | undefined): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function Value({ value }: ValueProps) {
  return <>{addressText(partsOf(value))}</>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid }: EditorProps) {
  const { t } = useTranslation('fields');
  const current = partsOf(value);
  const name = label ?? field.name;
  const put = (part: string, text: string) => {
    const next = Object.fromEntries(Object.entries({ ...current, [part]: text }).filter(([, each]) => each !== ''));
    onChange(Object.keys(next).length === 0 ? null : next);
  };
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', gap: 6 }}>
      {parts.map((part, index) => (
        <Input
          key={part}
          id={index === 0 ? id : undefined}
          aria-label={`${name} ${t(part)}`}
          placeholder={t(part)}
          value={current[part] ?? ''}
          onChange={(event) => put(part, event.target.value)}
          autoFocus={index === 0 ? autoFocus : false}
          disabled={disabled}
          status={invalid ? 'error' : ''}
          style={part === 'detail' ? { gridColumn: '1 / -1' } : {}}
        />
      ))}
    </div>
  );
}

export const address: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => addressText(partsOf(value)),
  inCell: false,
  width: 220,
};

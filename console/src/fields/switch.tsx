import { Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { i18n } from '../i18n/index.js';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  const { t } = useTranslation('fields');
  return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : null;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, onDone }: EditorProps) {
  return (
    <Switch
      id={id ?? ''}
      aria-label={label ?? field.name}
      checked={value === true}
      onChange={(next) => {
        onChange(next);
        onDone?.();
      }}
      autoFocus={autoFocus ?? false}
      disabled={disabled ?? false}
    />
  );
}

export const switchRenderer: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (typeof value === 'boolean' ? i18n.t(value ? 'fields:yes' : 'fields:no') : ''),
  inCell: true,
  width: 80,
};

import { ScanOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../shared/is-composing.js';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : <span className="tabular">{String(value)}</span>;
}

/** A scanner gun types the code and presses Enter, which must not send the form. */
function Editor({ field, value, onChange, onDone, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { t } = useTranslation('fields');
  const { maxLength } = field.config;
  return (
    <Input
      id={id}
      aria-label={label}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      onPressEnter={(event) => {
        if (isComposing(event.nativeEvent)) return;
        if (inCell) return onDone?.();
        event.preventDefault();
        event.currentTarget.select();
      }}
      placeholder={t('scanOrType')}
      suffix={<ScanOutlined aria-hidden />}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(typeof maxLength === 'number' ? { maxLength } : {})}
    />
  );
}

export const barcode: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 160,
};

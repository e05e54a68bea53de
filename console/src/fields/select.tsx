import { Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './fields.module.css';
import { OptionTag, optionOf, optionsOf } from './options.js';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ field, value }: ValueProps) {
  return isEmptyValue(value) ? null : <OptionTag option={optionOf(field, String(value))} />;
}

function Editor(props: EditorProps) {
  const { field, value, onChange, id, label, autoFocus, disabled, invalid, inCell, onDone } = props;
  const { t } = useTranslation('fields');
  const options = optionsOf(field).filter((option) => !option.disabled || option.id === value);
  const current = isEmptyValue(value) ? undefined : String(value);
  if (field.config.display === 'radio' && !inCell) {
    return (
      <Radio.Group
        id={id ?? ''}
        aria-label={label ?? field.name}
        className={styles.boxes ?? ''}
        disabled={disabled ?? false}
        value={current}
        onChange={(event) => onChange(event.target.value as string)}
        options={options.map((option) => ({ value: option.id, label: <OptionTag option={option} titled={false} /> }))}
      />
    );
  }
  return (
    <Select<string>
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={current}
      onChange={(next) => {
        onChange(next ?? null);
        onDone?.();
      }}
      allowClear
      showSearch={{ optionFilterProp: 'search' }}
      placeholder={t('choose')}
      notFoundContent={options.length === 0 ? t('noOptions') : t('noMatch')}
      options={options.map((option) => ({
        value: option.id,
        search: option.label,
        label: <OptionTag option={option} titled={false} />,
        title: option.label,
      }))}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true } : {})}
    />
  );
}

export const select: FieldRenderer = {
  Value,
  Editor,
  text: (field, value) => (isEmptyValue(value) ? '' : optionOf(field, String(value)).label),
  inCell: true,
  width: 120,
};

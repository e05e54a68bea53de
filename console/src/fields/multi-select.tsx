import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './fields.module.css';
import { OptionTag, optionOf, optionsOf } from './options.js';
import { type EditorProps, type FieldRenderer, stringsOf, type ValueProps } from './renderer.js';

function Value({ field, value }: ValueProps) {
  return (
    <span style={{ display: 'inline-flex', gap: 4, maxWidth: '100%', flexWrap: 'wrap' }}>
      {stringsOf(value).map((id) => (
        <OptionTag key={id} option={optionOf(field, id)} />
      ))}
    </span>
  );
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { t } = useTranslation('fields');
  const chosen = stringsOf(value);
  const options = optionsOf(field).filter((option) => !option.disabled || chosen.includes(option.id));
  if (field.config.display === 'checkbox' && !inCell) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset brings its own frame and legend
      <div {...(id ? { id } : {})} role="group" aria-label={label ?? field.name}>
        <Checkbox.Group
          className={styles.boxes ?? ''}
          disabled={disabled ?? false}
          value={chosen}
          onChange={(next) => onChange(next.length === 0 ? null : next)}
          options={options.map((option) => ({ value: option.id, label: <OptionTag option={option} titled={false} /> }))}
        />
      </div>
    );
  }
  return (
    <Select<string[]>
      mode="multiple"
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={chosen}
      onChange={(next) => onChange(next.length === 0 ? null : next)}
      labelRender={({ value: id }) => optionOf(field, String(id)).label}
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

export const multiSelect: FieldRenderer = {
  Value,
  Editor,
  text: (field, value) =>
    stringsOf(value)
      .map((id) => optionOf(field, id).label)
      .join('、'),
  inCell: true,
  width: 180,
};

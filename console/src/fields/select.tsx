import { Radio, Select } from 'antd';
import styles from './fields.module.css';
import { OptionTag, optionOf, optionsOf } from './options.js';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';
import { useOptionSelect } from './use-option-select.js';

function Value({ field, value }: ValueProps) {
  return isEmptyValue(value) ? null : <OptionTag option={optionOf(field, String(value))} />;
}

function Editor(props: EditorProps) {
  const { field, value, inCell } = props;
  const current = isEmptyValue(value) ? undefined : String(value);
  return field.config.display === 'radio' && !inCell ? (
    <RadioEditor {...props} current={current} />
  ) : (
    <SelectEditor {...props} current={current} />
  );
}

function RadioEditor({ field, current, onChange, id, label, disabled }: EditorProps & { current: string | undefined }) {
  const options = optionsOf(field).filter((option) => !option.disabled || option.id === current);
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

function SelectEditor({ current, ...props }: EditorProps & { current: string | undefined }) {
  const common = useOptionSelect(props, current === undefined ? [] : [current]);
  return (
    <Select<string>
      {...common}
      value={current}
      onChange={(next) => {
        props.onChange(next ?? null);
        props.onDone?.();
      }}
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

import { Checkbox, Select } from 'antd';
import { pause } from '../i18n/punctuation.js';
import styles from './fields.module.css';
import { OptionTag, optionOf, optionsOf } from './options.js';
import { type EditorProps, type FieldRenderer, stringsOf, type ValueProps } from './renderer.js';
import { useOptionSelect } from './use-option-select.js';

function Value({ field, value }: ValueProps) {
  return (
    <span className={styles.chips}>
      {stringsOf(value).map((id) => (
        <OptionTag key={id} option={optionOf(field, id)} />
      ))}
    </span>
  );
}

function Editor(props: EditorProps) {
  const chosen = stringsOf(props.value);
  return props.field.config.display === 'checkbox' && !props.inCell ? (
    <BoxesEditor {...props} chosen={chosen} />
  ) : (
    <SelectEditor {...props} chosen={chosen} />
  );
}

function BoxesEditor({ field, chosen, onChange, id, label, disabled }: EditorProps & { chosen: string[] }) {
  const options = optionsOf(field).filter((option) => !option.disabled || chosen.includes(option.id));
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

function SelectEditor({ chosen, ...props }: EditorProps & { chosen: string[] }) {
  return (
    <Select<string[]>
      {...useOptionSelect(props, chosen)}
      mode="multiple"
      value={chosen}
      onChange={(next) => props.onChange(next.length === 0 ? null : next)}
      labelRender={({ value }) => optionOf(props.field, String(value)).label}
    />
  );
}

export const multiSelect: FieldRenderer = {
  Value,
  Editor,
  text: (field, value) =>
    stringsOf(value)
      .map((id) => optionOf(field, id).label)
      .join(pause()),
  inCell: true,
  width: 180,
};

import type { MultiSelectConfig } from '@lianke/shared/fields/multi-select/schema';
import { parseMultiSelect } from '@lianke/shared/fields/multi-select/value';
import { useState } from 'react';
import { Chips } from '../components/chips.js';
import { configOf, textsOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';
import { optionOf, optionsOf } from './plain-values.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const chosen = textsOf(value);
  const text = chosen.map((id) => optionOf(field, id)?.label ?? id).join(t('common.comma'));
  if (configOf<MultiSelectConfig>(field).display === 'checkbox') {
    const choices = optionsOf(field).filter((option) => !option.disabled || chosen.includes(option.id));
    return (
      <Chips
        items={choices.map((choice) => ({ key: choice.id, label: choice.label }))}
        on={chosen}
        onTap={(id) => onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id])}
      />
    );
  }
  return (
    <>
      <PickLine text={text} placeholder={t('field.pick')} onTap={() => setOpen(true)} onClear={() => onChange([])} />
      {open ? (
        <OptionSheet
          title={field.name}
          choices={optionsOf(field).filter((option) => !option.disabled || chosen.includes(option.id))}
          chosen={chosen}
          many
          onDone={(ids) => {
            setOpen(false);
            onChange(ids);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

export const multiSelectField: FieldRenderer = {
  Control,
  format: (value, field, { t }) =>
    textsOf(value)
      .map((id) => optionOf(field, id)?.label ?? id)
      .join(t('common.comma')),
  check: (value, field) => refusal(parseMultiSelect(value, { options: optionsOf(field) })),
};

import { parseMultiSelect } from '@lianke/shared/fields/multi-select/value';
import { useState } from 'react';
import { textsOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';
import { optionOf, optionsOf } from './select.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const chosen = textsOf(value);
  const text = chosen.map((id) => optionOf(field, id)?.label ?? id).join(t('common.comma'));
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

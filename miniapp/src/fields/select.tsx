import { parseSelect } from '@lianke/shared/fields/select/value';
import { useState } from 'react';
import { Chips } from '../components/chips.js';
import { useT } from '../i18n/index.js';
import { OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';
import { optionOf, optionsOf } from './plain-values.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

/** Up to this many short options stand on the page as chips: one tap instead of two. */
const chipsUpTo = 5;

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const current = optionOf(field, value);
  const choices = optionsOf(field).filter((option) => !option.disabled || option.id === current?.id);
  if (choices.length <= chipsUpTo && choices.every((choice) => choice.label.length <= 6)) {
    return (
      <Chips
        items={choices.map((choice) => ({ key: choice.id, label: choice.label }))}
        on={current ? [current.id] : []}
        onTap={(id) => onChange(id === current?.id ? null : id)}
      />
    );
  }
  return (
    <>
      <PickLine
        text={current?.label ?? ''}
        placeholder={t('field.pick')}
        onTap={() => setOpen(true)}
        onClear={() => onChange(null)}
      />
      {open ? (
        <OptionSheet
          title={field.name}
          choices={choices}
          chosen={current ? [current.id] : []}
          onDone={([id]) => {
            setOpen(false);
            onChange(id ?? null);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

export const selectField: FieldRenderer = {
  Control,
  format: (value, field) => optionOf(field, value)?.label ?? '',
  check: (value, field) => refusal(parseSelect(value, { options: optionsOf(field) })),
};

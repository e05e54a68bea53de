import type { TagsConfig } from '@lianke/shared/fields/tags/schema';
import { parseTags } from '@lianke/shared/fields/tags/value';
import { useState } from 'react';
import { configOf, textsOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const chosen = textsOf(value);
  const suggestions = configOf<TagsConfig>(field).suggestions ?? [];
  return (
    <>
      <PickLine
        text={chosen.join(t('common.comma'))}
        placeholder={t('field.pickTags')}
        onTap={() => setOpen(true)}
        onClear={() => onChange([])}
      />
      {open ? (
        <OptionSheet
          title={field.name}
          choices={suggestions.map((label) => ({ id: label, label }))}
          chosen={chosen}
          many
          free
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

export const tagsField: FieldRenderer = {
  Control,
  format: (value, _field, { t }) => textsOf(value).join(t('common.comma')),
  check: (value) => refusal(parseTags(value)),
};

import type { RelationConfig } from '@lianke/shared/fields/relation/schema';
import type { Filter } from '@lianke/shared/filter/ast';
import { useState } from 'react';
import { configOf, isRef } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { PickLine } from './pick-line.js';
import { RecordSheet } from './record-sheet.js';
import { reference, relatedName } from './reference.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const { formId } = configOf<RelationConfig>(field);
  return (
    <>
      <PickLine
        text={isRef(value) ? relatedName(value.label, field, t) : ''}
        placeholder={t('field.pick')}
        onTap={() => setOpen(true)}
        onClear={() => onChange(null)}
      />
      {open ? (
        <RecordSheet
          title={field.name}
          formId={formId}
          filter={configOf<{ pick?: Filter }>(field).pick}
          onPick={(record) => {
            setOpen(false);
            onChange({ id: record.id, label: record.label });
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

export const relationField: FieldRenderer = { Control, ...reference };

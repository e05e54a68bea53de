import { useState } from 'react';
import { api } from '../api/client.js';
import { isRef } from '../data/record-types.js';
import { useResource } from '../data/resource.js';
import { useT } from '../i18n/index.js';
import { OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';
import { reference } from './reference.js';
import type { ControlProps, FieldRenderer } from './types.js';
import { useNamed } from './use-named.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const departments = useResource(open ? 'departments' : null, () => api('departments.list', {}));
  const named = useNamed(value, 'department');
  const current = isRef(named) ? named : null;
  const choices = (departments.data?.items ?? []).map((department) => ({ id: department.id, label: department.name }));
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
            onChange(choices.find((choice) => choice.id === id) ?? null);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

export const departmentField: FieldRenderer = { Control, ...reference };

import { useState } from 'react';
import { api } from '../api/client.js';
import { isRef } from '../data/record-types.js';
import { useResource } from '../data/resource.js';
import { useT } from '../i18n/index.js';
import { OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';
import { reference } from './reference.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const members = useResource(open ? 'members' : null, () => api('members.list', { query: { state: 'active' } }));
  const current = isRef(value) ? value : null;
  const choices = (members.data?.items ?? [])
    .filter((member) => member.state === 'active')
    .map((member) => ({
      id: member.id,
      label: member.name,
      note: member.departments.map((d) => d.label).join(t('common.comma')),
    }));
  return (
    <>
      <PickLine
        text={current?.label ?? ''}
        placeholder={t('field.pickMember')}
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
            const member = choices.find((choice) => choice.id === id);
            onChange(member ? { id: member.id, label: member.label } : null);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

export const memberField: FieldRenderer = { Control, ...reference };

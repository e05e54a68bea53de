import { useState } from 'react';
import { api } from '../api/client.js';
import { isRef, type Ref } from '../data/record-types.js';
import { useResource } from '../data/resource.js';
import { useT } from '../i18n/index.js';
import { OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';
import { reference } from './reference.js';
import type { ControlProps, FieldRenderer } from './types.js';
import { useNamed } from './use-named.js';

/** One member of the company, chosen from a sheet. */
export function MemberPick({
  title,
  value,
  onChange,
}: {
  title: string;
  value: Ref | null;
  onChange(member: Ref | null): void;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const members = useResource(open ? 'members' : null, () => api('members.list', { query: { state: 'active' } }));
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
        text={value?.label ?? ''}
        placeholder={t('field.pickMember')}
        onTap={() => setOpen(true)}
        onClear={() => onChange(null)}
      />
      {open ? (
        <OptionSheet
          title={title}
          choices={choices}
          chosen={value ? [value.id] : []}
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

function Control({ field, value, onChange }: ControlProps) {
  const named = useNamed(value, 'member');
  return (
    <MemberPick
      title={field.name}
      value={isRef(named) ? named : null}
      onChange={(member) => onChange(member ? { ...member } : null)}
    />
  );
}

export const memberField: FieldRenderer = { Control, ...reference };

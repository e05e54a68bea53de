import { useState } from 'react';
import { api } from '../api/client.js';
import { useResource } from '../data/resource.js';
import { useT } from '../i18n/index.js';
import { ManyPicker } from './many-picker.js';
import { references } from './reference.js';
import type { ControlProps, FieldRenderer } from './types.js';
import { useNamed } from './use-named.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const named = useNamed(value, 'member');
  const [wanted, setWanted] = useState(false);
  const members = useResource(wanted ? 'members' : null, () => api('members.list', { query: { state: 'active' } }));
  return (
    <ManyPicker
      title={field.name}
      value={named}
      placeholder={t('field.pickMember')}
      choices={(members.data?.items ?? [])
        .filter((member) => member.state === 'active')
        .map((member) => ({
          id: member.id,
          label: member.name,
          note: member.departments.map((department) => department.label).join(t('common.comma')),
        }))}
      onOpen={() => setWanted(true)}
      onChange={onChange}
    />
  );
}

export const membersField: FieldRenderer = { Control, ...references };

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
  const named = useNamed(value, 'department');
  const [wanted, setWanted] = useState(false);
  const departments = useResource(wanted ? 'departments' : null, () => api('departments.list', {}));
  return (
    <ManyPicker
      title={field.name}
      value={named}
      placeholder={t('field.pick')}
      choices={(departments.data?.items ?? []).map((item) => ({ id: item.id, label: item.name }))}
      onOpen={() => setWanted(true)}
      onChange={onChange}
    />
  );
}

export const departmentsField: FieldRenderer = { Control, ...references };

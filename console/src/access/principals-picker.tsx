import type { Principal } from '@lianke/shared/apps/access';
import { Select } from 'antd';
import { useRoles } from '../admin/use-roles.js';
import { useDepartments, useMembers } from '../api/queries.js';
import { useAccessText } from './i18n.js';

interface Props {
  value: readonly Principal[];
  onChange: (value: Principal[]) => void;
  label: string;
  id?: string;
}

const keyOf = ({ kind, id }: Principal) => `${kind}:${id}`;

/** Chooses members, departments and roles in one list. */
export function PrincipalsPicker({ value, onChange, label, id }: Props) {
  const text = useAccessText();
  const members = useMembers();
  const departments = useDepartments();
  const roles = useRoles();
  const group = (kind: Principal['kind'], list: readonly { id: string; name: string }[]) => ({
    label: text(kind),
    options: list.map((item) => ({ value: `${kind}:${item.id}`, label: item.name, title: item.name })),
  });
  const active = (members.data ?? []).filter((member) => member.state === 'active');
  return (
    <Select<string[]>
      mode="multiple"
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      placeholder={text('choose')}
      value={value.map(keyOf)}
      loading={members.isPending || departments.isPending || roles.isPending}
      showSearch={{ optionFilterProp: 'label' }}
      maxTagCount="responsive"
      onChange={(keys) =>
        onChange(
          keys.map((key) => {
            const at = key.indexOf(':');
            return { kind: key.slice(0, at) as Principal['kind'], id: key.slice(at + 1) };
          }),
        )
      }
      options={[group('member', active), group('department', departments.data ?? []), group('role', roles.data ?? [])]}
    />
  );
}

import type { Reference } from '@lianke/shared/records/query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMembers } from '../api/queries.js';
import '../fields/i18n.js';
import { Person } from './person.js';
import type { PickerProps } from './picker-props.js';

function useMemberOptions(keep: readonly Reference[]) {
  const { t } = useTranslation('fields');
  const members = useMembers();
  const list = members.data ?? [];
  const present = list
    .filter((member) => member.state !== 'left' || keep.some((item) => item.id === member.id))
    .map((member) => ({
      value: member.id as string,
      name: member.name,
      search: `${member.name} ${member.account ?? ''} ${member.mobile ?? ''}`,
      note: member.state === 'left' ? t('left') : (member.departments[0]?.label ?? ''),
    }));
  const unknown = keep
    .filter((item) => !list.some((member) => member.id === item.id))
    .map((item) => ({ value: item.id, name: item.label, search: item.label, note: '' }));
  return {
    loading: members.isPending,
    // A large company's list is drawn in part, or opening it would take seconds.
    virtual: list.length > 200,
    options: [...unknown, ...present].map((item) => ({
      ...item,
      title: item.name,
      label: (
        <span style={{ display: 'flex', justifyContent: 'space-between', gap: 8 }}>
          <Person name={item.name} />
          <span className="muted ellipsis">{item.note}</span>
        </span>
      ),
    })),
    nameOf: (id: string) => [...unknown, ...present].find((item) => item.value === id)?.name ?? id,
  };
}

/** Chooses one member; those who left are offered only while chosen. Answers `{id, label}`. */
export function MemberPicker(props: PickerProps) {
  const { value, onChange, id, label, placeholder, autoFocus, disabled, invalid, open, allowClear = true } = props;
  const { t } = useTranslation('fields');
  const { options, virtual, loading, nameOf } = useMemberOptions(value ? [value] : []);
  return (
    <Select<string>
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={value?.id}
      onChange={(next) => onChange(next ? { id: next, label: nameOf(next) } : null)}
      options={options}
      virtual={virtual}
      labelRender={({ value: chosen }) => <Person name={nameOf(String(chosen))} />}
      loading={loading}
      popupMatchSelectWidth={open ? 240 : true}
      showSearch={{ optionFilterProp: 'search' }}
      placeholder={placeholder ?? t('chooseMember')}
      notFoundContent={t('noMatch')}
      allowClear={allowClear}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(open ? { defaultOpen: true } : {})}
    />
  );
}

/** Chooses several members by id. */
export function MembersPicker({
  value,
  onChange,
  id,
  label,
  placeholder,
  disabled,
  keep = [],
  open,
}: {
  value: readonly string[];
  /** Offered although they have left. */
  keep?: readonly Reference[] | undefined;
  open?: boolean | undefined;
  onChange: (ids: string[]) => void;
  id?: string | undefined;
  label?: string | undefined;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
}) {
  const { t } = useTranslation('fields');
  const { options, virtual, loading, nameOf } = useMemberOptions(keep);
  return (
    <Select<string[]>
      mode="multiple"
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={[...value]}
      onChange={onChange}
      options={options}
      virtual={virtual}
      labelRender={({ value: chosen }) => <Person name={nameOf(String(chosen))} size={18} />}
      loading={loading}
      showSearch={{ optionFilterProp: 'search' }}
      placeholder={placeholder ?? t('chooseMember')}
      notFoundContent={t('noMatch')}
      disabled={disabled}
      {...(open ? { defaultOpen: true } : {})}
    />
  );
}

import type { Reference } from '@lianke/shared/records/query';
import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMembers } from '../api/queries.js';
import '../fields/i18n.js';
import { useFoundByName } from './named.js';
import { Person } from './person.js';
import type { PickerProps } from './picker-props.js';
import { useDebounced } from './use-debounced.js';

function useMemberOptions(keep: readonly Reference[]) {
  const { t } = useTranslation('fields');
  const members = useMembers();
  const list = members.data ?? [];
  const [typed, setTyped] = useState('');
  const names = useMemo(() => (members.data ?? []).map((member) => member.name), [members.data]);
  const byName = useFoundByName(useDebounced(typed), names);
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
  const offered = [...unknown, ...present];
  const byValue = new Map(offered.map((item) => [item.value, item]));
  return {
    loading: members.isPending,
    // A large company's list is drawn in part, or opening it would take seconds.
    virtual: list.length > 200,
    options: offered.map((item) => ({
      ...item,
      title: item.name,
      label: (
        <span style={{ display: 'flex', justifyContent: 'space-between', gap: 8 }}>
          <Person name={item.name} />
          <span className="muted ellipsis">{item.note}</span>
        </span>
      ),
    })),
    /** What is typed may be a name that only the platform knows. */
    search: {
      onSearch: setTyped,
      filterOption: (input: string, option?: { value?: string | number | null }) => {
        const one = byValue.get(String(option?.value));
        return !!one && (one.search.toLowerCase().includes(input.toLowerCase()) || byName.has(one.value));
      },
    },
    nameOf: (id: string) => byValue.get(id)?.name ?? id,
  };
}

/** Chooses one member; those who left are offered only while chosen. Answers `{id, label}`. */
export function MemberPicker(props: PickerProps) {
  const { value, onChange, id, label, placeholder, autoFocus, disabled, invalid, open, allowClear = true } = props;
  const { t } = useTranslation('fields');
  const { options, virtual, loading, search, nameOf } = useMemberOptions(value ? [value] : []);
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
      showSearch={search}
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
  const { options, virtual, loading, search, nameOf } = useMemberOptions(keep);
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
      showSearch={search}
      placeholder={placeholder ?? t('chooseMember')}
      notFoundContent={t('noMatch')}
      disabled={disabled}
      {...(open ? { defaultOpen: true } : {})}
    />
  );
}

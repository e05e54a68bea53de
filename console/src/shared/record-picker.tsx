import type { FormId } from '@lianke/shared/ids';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';
import '../fields/i18n.js';
import type { PickerProps } from './picker-props.js';
import { useDebounced } from './use-debounced.js';

/** Chooses one record of a form by typing; the newest stand first. Answers `{id, label}`. */
export function RecordPicker(props: PickerProps & { formId: string }) {
  const {
    formId,
    value,
    onChange,
    id,
    label,
    placeholder,
    autoFocus,
    disabled,
    invalid,
    open,
    allowClear = true,
  } = props;
  const { t } = useTranslation('fields');
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(open ?? false);
  const settled = useDebounced(search.trim());
  const found = useQuery({
    queryKey: keys.data(formId, 'pick', settled),
    queryFn: () =>
      api('records.query', {
        params: { formId: formId as FormId },
        body: { limit: 20, total: false, fields: [], ...(settled === '' ? {} : { search: settled }) },
      }),
    enabled: active && formId !== '',
    placeholderData: keepPreviousData,
  });
  const items = found.data?.items ?? [];
  const options = items.map((item) => ({ value: item.id, label: item.label || item.id, title: item.label }));
  if (value && !options.some((item) => item.value === value.id) && settled === '') {
    options.unshift({ value: value.id, label: value.label, title: value.label });
  }
  return (
    <Select<string>
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={value?.id}
      onChange={(next) => {
        const chosen = options.find((item) => item.value === next);
        onChange(chosen ? { id: chosen.value, label: chosen.label } : null);
      }}
      labelRender={({ value: chosen }) => (chosen === value?.id ? value?.label : String(chosen))}
      options={options}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      popupMatchSelectWidth={open ? 300 : true}
      onOpenChange={(next) => {
        setActive(next);
        if (!next) setSearch('');
      }}
      loading={found.isFetching}
      placeholder={placeholder ?? t('chooseRecord')}
      notFoundContent={found.isPending ? t('typeToSearch') : t('noMatch')}
      allowClear={allowClear}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(open ? { defaultOpen: true } : {})}
    />
  );
}

import { PlusOutlined } from '@ant-design/icons';
import type { Filter } from '@lianke/shared/filter/ast';
import { nounOf } from '@lianke/shared/forms/noun';
import type { FormId } from '@lianke/shared/ids';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Divider, Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { keys, useForm } from '../api/queries.js';
import '../fields/i18n.js';
import type { PickerProps } from './picker-props.js';
import { useDebounced } from './use-debounced.js';

// The drawer holds pickers itself: it is read when it is needed.
const CreateInPicker = lazy(async () => ({
  default: (await import('../records/create-in-picker.js')).CreateInPicker,
}));

/** Chooses one record of a form by typing; the newest stand first, and one that is missing is made on the spot. Answers `{id, label}`. */
export function RecordPicker(props: PickerProps & { formId: string; filter?: Filter | undefined }) {
  const {
    formId,
    filter,
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
  const [creating, setCreating] = useState<string>();
  const target = useForm(active ? formId : undefined).data;
  const settled = useDebounced(search.trim());
  const found = useQuery({
    queryKey: keys.data(formId, 'pick', settled, filter),
    queryFn: () =>
      api('records.query', {
        params: { formId: formId as FormId },
        body: {
          limit: 20,
          total: false,
          fields: [],
          ...(filter ? { filter } : {}),
          ...(settled === '' ? {} : { search: settled }),
        },
      }),
    enabled: active && formId !== '',
    placeholderData: keepPreviousData,
  });
  const items = found.data?.items ?? [];
  const options = items.map((item) => ({ value: item.id, label: item.label || item.id, title: item.label }));
  if (value && !options.some((item) => item.value === value.id) && settled === '') {
    options.unshift({ value: value.id, label: value.label, title: value.label });
  }
  const mayCreate = target?.actions.includes('create') ?? false;
  return (
    <>
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
        popupRender={(menu) => (
          <>
            {menu}
            {mayCreate && target && (
              <>
                <Divider style={{ margin: '4px 0' }} />
                <Button
                  type="text"
                  block
                  icon={<PlusOutlined />}
                  style={{ justifyContent: 'flex-start' }}
                  // The box would lose its focus, and the list its place, before the click.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => setCreating(search.trim())}
                >
                  <span className="ellipsis">
                    {search.trim() === ''
                      ? t('createRecord', { name: nounOf(target.name) })
                      : t('createRecordNamed', { name: nounOf(target.name), text: search.trim() })}
                  </span>
                </Button>
              </>
            )}
          </>
        )}
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
        {...(creating !== undefined ? { open: false } : open ? { defaultOpen: true } : {})}
      />
      {creating !== undefined && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys in the drawer are not those of the cell or form behind it
        <span onKeyDown={(event) => event.stopPropagation()} onClick={(event) => event.stopPropagation()}>
          <Suspense fallback={null}>
            <CreateInPicker
              formId={formId}
              text={creating}
              filter={filter}
              onClose={() => setCreating(undefined)}
              onSaved={(record) => onChange({ id: record.id, label: record.label })}
            />
          </Suspense>
        </span>
      )}
    </>
  );
}

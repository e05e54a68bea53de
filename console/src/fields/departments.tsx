import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDepartments } from '../api/queries.js';
import {
  type EditorProps,
  type FieldRenderer,
  listWidth,
  referencesOf,
  referencesText,
  type ValueProps,
} from './renderer.js';

function Value({ value }: ValueProps) {
  return <>{referencesText(value)}</>;
}

function Editor({ value, onChange, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { t } = useTranslation('fields');
  const departments = useDepartments();
  const chosen = referencesOf(value);
  const known = (departments.data ?? []).map((item) => ({ value: item.id as string, label: item.name }));
  const gone = chosen
    .filter((item) => !known.some((each) => each.value === item.id))
    .map((item) => ({ value: item.id, label: item.label }));
  const options = [...gone, ...known];
  return (
    <Select<string[]>
      mode="multiple"
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={chosen.map((item) => item.id)}
      options={options}
      onChange={(ids) =>
        onChange(
          ids.length === 0
            ? null
            : ids.map((each) => ({ id: each, label: options.find((item) => item.value === each)?.label ?? each })),
        )
      }
      loading={departments.isPending}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={t('chooseDepartment')}
      notFoundContent={t('noMatch')}
      allowClear
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true, popupMatchSelectWidth: listWidth } : {})}
    />
  );
}

export const departments: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => referencesText(value),
  inCell: true,
  width: 160,
};

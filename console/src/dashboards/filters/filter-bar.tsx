import {
  type PageFilter,
  type PageFilterValue,
  type PageFilterValues,
  usualField,
} from '@lianke/shared/dashboards/page-filters';
import { systemFields } from '@lianke/shared/forms/definition';
import { Button, Select, TreeSelect } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDepartments, useMe, useMembers } from '../../api/queries.js';
import { departmentTree } from '../../shared/department-picker.js';
import { DateFilter } from './date-filter.js';
import styles from './filters.module.css';

interface Props {
  filters: readonly PageFilter[];
  values: PageFilterValues;
  onChange: (values: PageFilterValues) => void;
  /** Back to what the page opens with; absent where it shows that. */
  onReset?: (() => void) | undefined;
}

interface ControlProps {
  label: string;
  value: PageFilterValue | undefined;
  onChange: (value: PageFilterValue | undefined) => void;
}

const ids = (value: PageFilterValue | undefined): string[] => (Array.isArray(value) ? value : []);

function MemberFilter({ label, value, onChange }: ControlProps) {
  const { t } = useTranslation('dashboards');
  const members = useMembers();
  const me = useMe().data?.member;
  const others = (members.data ?? []).filter((item) => item.id !== me?.id);
  const options = [
    ...(me ? [{ value: me.id as string, label: t('filters.me', { name: me.name }) }] : []),
    ...others.map((item) => ({ value: item.id as string, label: item.name })),
  ];
  return (
    <Select<string[]>
      mode="multiple"
      aria-label={label}
      placeholder={t('filters.everybody')}
      className={styles.control ?? ''}
      maxTagCount="responsive"
      value={ids(value)}
      onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      options={options}
      virtual={options.length > 200}
      showSearch={{ optionFilterProp: 'label' }}
      allowClear
    />
  );
}

function DepartmentFilter({ label, value, onChange }: ControlProps) {
  const { t } = useTranslation('dashboards');
  const departments = useDepartments();
  const tree = useMemo(() => departmentTree(departments.data ?? []), [departments.data]);
  return (
    <TreeSelect<string[]>
      multiple
      aria-label={label}
      placeholder={t('filters.everyDepartment')}
      className={styles.control ?? ''}
      maxTagCount="responsive"
      value={ids(value)}
      onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      treeData={tree}
      treeDefaultExpandAll
      showSearch={{ treeNodeFilterProp: 'title' }}
      allowClear
    />
  );
}

const controls = { date: DateFilter, member: MemberFilter, department: DepartmentFilter };

/** What a filter is called: by its designer, or by the field it usually asks. */
export function useFilterTitle(): (filter: PageFilter) => string {
  const { t, i18n } = useTranslation('dashboards');
  return ({ type, title }) => {
    if (title !== '') return title;
    if (type === 'date') return t('filters.time');
    const field = systemFields.find((item) => item.key === usualField[type]);
    return (i18n.language === 'en' ? field?.en : field?.zh) ?? '';
  };
}

/** The bar over a page: one control a filter, narrowing every component that has its field. */
export function FilterBar({ filters, values, onChange, onReset }: Props) {
  const { t } = useTranslation('dashboards');
  const titleOf = useFilterTitle();
  if (filters.length === 0) return null;
  return (
    <section className={styles.bar} aria-label={t('filters.bar')}>
      {filters.map((filter) => {
        const Control = controls[filter.type];
        const label = titleOf(filter);
        return (
          <div key={filter.id} className={styles.item}>
            <span className="muted">{label}</span>
            <Control
              label={label}
              value={values[filter.id]}
              onChange={(value) => {
                const { [filter.id]: _, ...rest } = values;
                onChange(value === undefined ? rest : { ...rest, [filter.id]: value });
              }}
            />
          </div>
        );
      })}
      {onReset && (
        <Button type="link" size="small" onClick={onReset}>
          {t('filters.reset')}
        </Button>
      )}
    </section>
  );
}

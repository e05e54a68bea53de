import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import {
  type PageFilter,
  type PageFilterType,
  pageFilterTypes,
  suitsFilter,
  usualField,
  usualFilters,
} from '@lianke/shared/dashboards/page-filters';
import { Button, Dropdown, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { DateFilter } from './date-filter.js';
import { useFilterTitle } from './filter-bar.js';
import styles from './filters.module.css';

const most = 8;
const leftOut = '#none';

interface Props {
  def: DashboardDefinition;
  forms: readonly FormView[];
  onChange: (filters: PageFilter[], merge?: string) => void;
}

/** The filter bar's settings: which controls it has, and which field each asks in which form. */
export function FilterPanel({ def, forms, onChange }: Props) {
  const { t } = useTranslation('dashboards');
  const filters = def.filters ?? usualFilters;
  const used = forms.filter((form) => def.widgets.some((widget) => widget.formId === form.id));
  const replace = (next: PageFilter, merge?: string) =>
    onChange(
      filters.map((item) => (item.id === next.id ? next : item)),
      merge,
    );
  const add = (type: PageFilterType) => {
    let n = 1;
    while (filters.some((item) => item.id === `${type}${n}`)) n++;
    onChange([...filters, { id: `${type}${n}`, type, title: '', fields: {} }]);
  };
  return (
    <>
      <h3 style={{ marginBottom: 4, fontSize: 14 }}>{t('filters.bar')}</h3>
      <p className="muted" style={{ marginBottom: 12 }}>
        {t('filters.hint')}
      </p>
      {filters.map((item) => (
        <OneFilter
          key={item.id}
          filter={item}
          forms={used}
          onChange={replace}
          onRemove={() => onChange(filters.filter((other) => other.id !== item.id))}
        />
      ))}
      {filters.length < most && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: pageFilterTypes.map((type) => ({ key: type, label: t(`filters.type.${type}`) })),
            onClick: ({ key }) => add(key as PageFilterType),
          }}
        >
          <Button block type="dashed" icon={<PlusOutlined />}>
            {t('filters.add')}
          </Button>
        </Dropdown>
      )}
    </>
  );
}

function OneFilter({
  filter,
  forms,
  onChange,
  onRemove,
}: {
  filter: PageFilter;
  forms: readonly FormView[];
  onChange: (next: PageFilter, merge?: string) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation('dashboards');
  const title = useFilterTitle()(filter);
  const chosen = filter.fields as Record<string, string | null>;
  return (
    <section className={styles.one} aria-label={title}>
      <div className={styles.oneHead}>
        <Input
          aria-label={t('designer.title')}
          value={filter.title}
          placeholder={title}
          maxLength={20}
          onChange={(event) => onChange({ ...filter, title: event.target.value }, `filter:${filter.id}`)}
        />
        <Button type="text" icon={<DeleteOutlined />} aria-label={t('filters.remove', { title })} onClick={onRemove} />
      </div>
      {filter.type === 'date' && (
        <div className={styles.formRow}>
          <span className="muted">{t('filters.initial')}</span>
          <DateFilter
            label={t('filters.initial')}
            value={filter.initial}
            onChange={(initial) => {
              const { initial: _, ...rest } = filter;
              onChange(initial === undefined ? rest : { ...rest, initial });
            }}
          />
        </div>
      )}
      {forms.map((form) => {
        const fields = form.fields.filter((field) => suitsFilter(filter.type, field.type));
        return (
          <div key={form.id} className={styles.formRow}>
            <span className="ellipsis" title={form.name}>
              {form.name}
            </span>
            <Select<string>
              aria-label={`${title} ${form.name}`}
              value={form.id in chosen ? (chosen[form.id] ?? leftOut) : usualField[filter.type]}
              onChange={(field) =>
                onChange({ ...filter, fields: { ...chosen, [form.id]: field === leftOut ? null : field } as never })
              }
              options={[
                ...fields.map((field) => ({
                  value: field.system ? field.key : (field.id as string),
                  label: field.name,
                })),
                { value: leftOut, label: t('filters.leftOut') },
              ]}
            />
          </div>
        );
      })}
    </section>
  );
}

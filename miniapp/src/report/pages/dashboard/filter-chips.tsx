import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import {
  initialValues,
  type PageFilter,
  type PageFilterValue,
  type PageFilterValues,
  usualFilters,
} from '@lianke/shared/dashboards/page-filters';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { Chips } from '../../../components/chips.js';
import { useResource } from '../../../data/resource.js';
import { type Choice, OptionSheet } from '../../../fields/option-sheet.js';
import { useT } from '../../../i18n/index.js';
import { PeriodSheet, periodText } from './period-sheet.js';

/** A page's filters with what was chosen on this screen. */
export function useFilterValues(def: DashboardDefinition | undefined) {
  const [chosen, setChosen] = useState<PageFilterValues>();
  const filters = def?.filters ?? usualFilters;
  return { filters, chosen, values: chosen ?? initialValues(filters), put: setChosen };
}

interface Props {
  filters: readonly PageFilter[];
  values: PageFilterValues;
  onChange: (values: PageFilterValues) => void;
}

/** The filter bar of a page as a line of chips; each opens its choices from the bottom. */
export function FilterChips({ filters, values, onChange }: Props) {
  const t = useT();
  const [open, setOpen] = useState<PageFilter>();
  const wants = (type: PageFilter['type']) =>
    open?.type === type || filters.some((item) => item.type === type && Array.isArray(values[item.id]));
  const members = useResource(wants('member') ? 'members' : null, () =>
    api('members.list', { query: { state: 'active' } }),
  );
  const departments = useResource(wants('department') ? 'departments' : null, () => api('departments.list', {}));
  const people: Choice[] = (members.data?.items ?? []).map((item) => ({ id: item.id, label: item.name }));
  const places: Choice[] = (departments.data?.items ?? []).map((item) => ({ id: item.id, label: item.name }));
  const choicesOf: Record<Exclude<PageFilter['type'], 'date'>, Choice[]> = {
    member: people,
    department: places,
  };
  const nameOf = (filter: PageFilter) => filter.title || t(`dashboard.filter.${filter.type}`);
  const labelOf = (filter: PageFilter): string => {
    const value = values[filter.id];
    if (filter.type === 'date') return periodText(t, value) || nameOf(filter);
    const [first, ...more] = Array.isArray(value) ? value : [];
    if (first === undefined) return nameOf(filter);
    const name = choicesOf[filter.type].find((item) => item.id === first)?.label ?? nameOf(filter);
    return more.length === 0 ? name : t('dashboard.andMore', { name, n: more.length + 1 });
  };
  const put = (filter: PageFilter, value: PageFilterValue | undefined) => {
    const { [filter.id]: _, ...rest } = values;
    onChange(value === undefined ? rest : { ...rest, [filter.id]: value });
    setOpen(undefined);
  };
  if (filters.length === 0) return null;
  const value = open && values[open.id];
  return (
    <View className="filter-chips">
      <Chips
        line
        items={filters.map((filter) => ({ key: filter.id, label: `${labelOf(filter)} ▾` }))}
        on={filters.filter((filter) => values[filter.id] !== undefined).map((filter) => filter.id)}
        onTap={(key) => setOpen(filters.find((filter) => filter.id === key))}
      />
      {open?.type === 'date' ? (
        <PeriodSheet
          title={nameOf(open)}
          value={value}
          onDone={(chosen) => put(open, chosen)}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {open && open.type !== 'date' ? (
        <OptionSheet
          title={nameOf(open)}
          choices={choicesOf[open.type]}
          many
          chosen={Array.isArray(value) ? value : []}
          onDone={(ids) => put(open, ids.length > 0 ? ids : undefined)}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </View>
  );
}

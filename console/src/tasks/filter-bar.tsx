import type { TaskFilters } from '@lianke/shared/tasks/api';
import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { keys, useForms } from '../api/queries.js';
import './i18n.js';
import './words.js';

export const taskTabs = ['pending', 'done', 'started', 'copies'] as const;
export type TaskTab = (typeof taskTabs)[number];

/** What a list of 任务中心 is narrowed to; `state` is a word of its own for each tab. */
export type ListFilters = Partial<TaskFilters> & { state?: string };

const states = {
  pending: ['overdue', 'today', 'later', 'none'],
  done: ['approved', 'rejected', 'returned', 'transferred', 'done'],
  started: ['open', 'returned', 'approved', 'rejected', 'withdrawn', 'failed', 'ended'],
  copies: [],
} as const satisfies Record<TaskTab, readonly string[]>;
const names = ['flow', 'form', 'result', 'from', 'to'] as const;

/** The filters that the page's address holds, those of another tab left out. */
export function useListFilters(tab: TaskTab, search: string): ListFilters {
  const [params] = useSearchParams();
  const result = params.get('result');
  const read = {
    search,
    flowId: params.get('flow'),
    formId: params.get('form'),
    from: params.get('from'),
    to: params.get('to'),
    state: (states[tab] as readonly string[]).includes(result ?? '') ? result : null,
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value)) as ListFilters;
}

/** 流程, 表单, 状态 and 时间 that the list of the tab is narrowed to. */
export function FilterBar({ tab }: { tab: TaskTab }) {
  const { t } = useTranslation('tasks');
  const [params, setParams] = useSearchParams();
  const forms = useForms().data ?? [];
  const flows = useQuery({
    queryKey: keys.tasks('flows'),
    queryFn: async () => (await api('tasks.flows', {})).items,
  }).data;
  const put = (change: Partial<Record<(typeof names)[number], string | undefined>>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(change)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const label = (state: string) => {
    if (tab === 'pending') return t(state as 'overdue');
    return tab === 'done' ? t(`state.${state as 'done'}`) : t(`started.state.${state as 'open'}`);
  };
  const [from, to] = [params.get('from'), params.get('to')];
  return (
    <div className="task-filters">
      <Select<string>
        aria-label={t('filter.flow')}
        placeholder={t('filter.flow')}
        allowClear
        style={{ width: 180 }}
        value={params.get('flow')}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(flow: string | undefined) => put({ flow })}
        options={(flows ?? []).map((flow) => ({ value: flow.id as string, label: flow.name }))}
      />
      <Select<string>
        aria-label={t('filter.form')}
        placeholder={t('filter.form')}
        allowClear
        style={{ width: 160 }}
        value={params.get('form')}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(form: string | undefined) => put({ form })}
        options={forms.map((form) => ({ value: form.id as string, label: form.name }))}
      />
      {states[tab].length > 0 && (
        <Select<string>
          aria-label={t('filter.state')}
          placeholder={t('filter.state')}
          allowClear
          style={{ width: 120 }}
          value={params.get('result')}
          onChange={(result: string | undefined) => put({ result })}
          options={states[tab].map((state) => ({ value: state as string, label: label(state) }))}
        />
      )}
      <DatePicker.RangePicker
        aria-label={t('filter.time')}
        style={{ width: 250 }}
        allowEmpty={[true, true]}
        placeholder={[t('filter.from'), t('filter.to')]}
        value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
        onChange={(range) => put({ from: range?.[0]?.format('YYYY-MM-DD'), to: range?.[1]?.format('YYYY-MM-DD') })}
      />
      {names.some((name) => params.get(name)) && (
        <Button type="link" onClick={() => put(Object.fromEntries(names.map((name) => [name, undefined])))}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  );
}

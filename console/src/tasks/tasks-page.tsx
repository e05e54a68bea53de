import type { TaskId } from '@lianke/shared/ids';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Segmented, Skeleton, Space, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys, useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { colon } from '../i18n/punctuation.js';
import { EmptyState } from '../shared/empty-state.js';
import { useDebounced } from '../shared/use-debounced.js';
import { AwaysDialog } from './aways-dialog.js';
import { CopiesList } from './copies-list.js';
import { FilterBar, taskTabs, useListFilters } from './filter-bar.js';
import { groupTasks } from './group-tasks.js';
import './i18n.js';
import { StartedRuns } from './started-runs.js';
import { TaskRow } from './task-row.js';
import './tasks.css';
import { usePendingCounts } from './use-task-count.js';
import { useTasks, useTodoActions } from './use-tasks.js';
import './words.js';

/** Where a record's page is, for forms that the reader may open. */
export function useRecordPath() {
  const forms = useForms().data;
  return (record: { formId: string; id: string } | null): string | undefined => {
    const form = record ? forms?.find((item) => item.id === record.formId) : undefined;
    return record && form ? `/apps/${form.appId}/forms/${form.id}/records/${record.id}` : undefined;
  };
}

/** `/tasks`: 任务中心, everything that waits for the reader. */
export function TasksPage() {
  const { t } = useTranslation('tasks');
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const { t: a } = useTranslation('taskActions');
  const tab = taskTabs.find((item) => item === search.get('state')) ?? 'pending';
  const [words, setWords] = useState('');
  const sought = useDebounced(words.trim(), 300);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [aways, setAways] = useState(false);
  const state = tab === 'done' ? 'done' : 'pending';
  const kind = search.get('kind') === 'approval' ? 'approval' : search.get('kind') === 'todo' ? 'todo' : undefined;
  const filters = useListFilters(tab, sought);
  const narrowed = Object.keys(filters).length > 0;
  const tasks = useTasks({ state, kind, filters });
  const actions = useTodoActions();
  const pathOf = useRecordPath();
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const counts = usePendingCounts();
  const items = tasks.data?.pages.flatMap((page) => page.items) ?? [];

  const put = (change: Readonly<Record<string, string>>) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(change)) {
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const mark = (id: string, on: boolean) =>
    setLeaving((old) => {
      const next = new Set(old);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });

  const reopen = async (task: TaskItem) => {
    try {
      await actions.reopen(task);
      message.success(t('reopened'));
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  const toggle = async (task: TaskItem) => {
    if (task.state !== 'pending') return reopen(task);
    if (leaving.has(task.id)) return;
    mark(task.id, true);
    try {
      await actions.complete(task);
      message.success({
        duration: 6,
        content: (
          <Space>
            {t('completed', { title: task.title })}
            <Button type="link" size="small" onClick={() => void reopen(task)}>
              {t('undo')}
            </Button>
          </Space>
        ),
      });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      mark(task.id, false);
    }
  };

  const row = (task: TaskItem) => (
    <TaskRow
      key={task.id}
      task={task}
      pathOf={pathOf}
      leaving={leaving.has(task.id)}
      onToggle={(item) => void toggle(item)}
      {...(state === 'pending'
        ? {
            picked: picked.includes(task.id),
            onPick: (item: TaskItem, on: boolean) =>
              setPicked((old) => (on ? [...old, item.id] : old.filter((id) => id !== item.id))),
          }
        : {})}
    />
  );

  const taskList = () => (
    <>
      {tasks.isPending && <Skeleton active paragraph={{ rows: 6 }} />}
      {tasks.error && !tasks.data && <PageError error={tasks.error} retry={() => void tasks.refetch()} />}
      {tasks.data && items.length === 0 && (
        <EmptyState
          title={t(narrowed ? 'filter.none' : state === 'done' ? 'emptyDone' : 'empty')}
          hint={state === 'done' || narrowed ? undefined : t('emptyHint')}
        />
      )}
      {state === 'pending'
        ? groupTasks(items).map(({ group, items: members }) => (
            <section key={group} className="task-group" aria-label={t(group)}>
              <h2>
                {t(group)} <span className="muted tabular">{members.length}</span>
              </h2>
              <ul>{members.map(row)}</ul>
            </section>
          ))
        : items.length > 0 && (
            <section className="task-group" aria-label={t('done')}>
              <ul>{items.map(row)}</ul>
            </section>
          )}
      {tasks.hasNextPage && (
        <Button block type="text" loading={tasks.isFetchingNextPage} onClick={() => void tasks.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  );

  return (
    <div className="tasks-page">
      <div className="tasks-head">
        <h1>{t('title')}</h1>
        {counts && <TodayLine counts={counts} />}
        <span style={{ flex: 1 }} />
        <Input.Search
          allowClear
          aria-label={a('search')}
          placeholder={a('search')}
          style={{ width: 220 }}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button onClick={() => setAways(true)}>{a('away.title')}</Button>
        {aways && <AwaysDialog onClose={() => setAways(false)} />}
      </div>
      <Tabs
        activeKey={tab}
        onChange={(key) => {
          // A state of one tab means nothing in another.
          put({ state: key === 'pending' ? '' : key, result: '' });
        }}
        items={[
          { key: 'pending', label: t('pending') },
          { key: 'done', label: t('done') },
          { key: 'started', label: t('started.title') },
          { key: 'copies', label: a('copies.title') },
        ]}
        tabBarExtraContent={
          (tab === 'pending' || tab === 'done') && (
            <Segmented
              size="small"
              value={kind ?? ''}
              onChange={(value) => put({ kind: String(value) })}
              options={[
                { value: '', label: t('all') },
                { value: 'todo', label: t('todo') },
                { value: 'approval', label: t('approvals') },
              ]}
            />
          )
        }
      />
      <FilterBar tab={tab} />
      {tab === 'started' ? (
        <StartedRuns filters={filters} />
      ) : tab === 'copies' ? (
        <CopiesList filters={filters} />
      ) : (
        taskList()
      )}
      <BulkBar
        picked={picked}
        all={items.filter((item) => item.simple && item.state === 'pending').map((item) => item.id)}
        onPick={setPicked}
      />
    </div>
  );
}

/** 批量同意: agrees to what was picked; what asks for more is left, and says why. */
function BulkBar({
  picked,
  all,
  onPick,
}: {
  picked: readonly string[];
  all: readonly string[];
  onPick: (ids: readonly string[]) => void;
}) {
  const { t } = useTranslation('taskActions');
  const { message } = App.useApp();
  const client = useQueryClient();
  const approve = useMutation({
    mutationFn: () => api('tasks.approveMany', { body: { ids: picked as TaskId[] } }),
    onSuccess: (answer) => {
      message.success(t('bulk.done', { n: answer.done.length }));
      onPick([]);
    },
    onError: (error) => message.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.tasks() }),
  });
  const left = approve.data?.left ?? [];
  if (picked.length === 0 && left.length === 0) return null;
  return (
    <div className="bulk-bar">
      {left.length > 0 && (
        <Alert
          type="warning"
          showIcon
          closable={{ onClose: () => approve.reset() }}
          title={t('bulk.left', { n: left.length })}
          description={left.map((item) => (
            <div key={item.id}>
              {item.title}
              {colon()}
              {item.reason}
            </div>
          ))}
        />
      )}
      {picked.length > 0 && (
        <Space>
          <Button onClick={() => onPick(all)}>{t('bulk.all')}</Button>
          <Button onClick={() => onPick([])}>{t('bulk.clear')}</Button>
          <Button type="primary" loading={approve.isPending} onClick={() => approve.mutate()}>
            {t('bulk.approve', { n: picked.length })}
          </Button>
        </Space>
      )}
    </div>
  );
}

/** 「今天 3 件：2 个待办，1 个审批，另有 2 件逾期」. */
function TodayLine({ counts }: { counts: { overdue: number; today: number; approvals: number } }) {
  const { t } = useTranslation('tasks');
  const now = counts.today + counts.approvals;
  const parts = [
    counts.today > 0 ? t('todos', { n: counts.today }) : '',
    counts.approvals > 0 ? t('approvalsN', { n: counts.approvals }) : '',
  ].filter((part) => part !== '');
  const line = now > 0 ? t('todayLine', { n: now, parts: parts.join(t('comma')) }) : t('nothingToday');
  return (
    <span className="muted" role="status">
      {line}
      {counts.overdue > 0 && (
        <span className="task-due late">
          {t('comma')}
          {t('overdueN', { n: counts.overdue })}
        </span>
      )}
    </span>
  );
}

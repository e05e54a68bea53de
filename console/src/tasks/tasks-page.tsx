import type { TaskItem } from '@lianke/shared/tasks/api';
import { App, Button, Segmented, Skeleton, Space, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router-dom';
import { messageOf } from '../api/errors.js';
import { useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { groupTasks } from './group-tasks.js';
import './i18n.js';
import { StartedRuns } from './started-runs.js';
import { TaskRow } from './task-row.js';
import './tasks.css';
import { usePendingCounts } from './use-task-count.js';
import { useTasks, useTodoActions } from './use-tasks.js';

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
  const tab = search.get('state') === 'started' ? 'started' : search.get('state') === 'done' ? 'done' : 'pending';
  const state = tab === 'done' ? 'done' : 'pending';
  const kind = search.get('kind') === 'approval' ? 'approval' : search.get('kind') === 'todo' ? 'todo' : undefined;
  const tasks = useTasks({ state, kind });
  const actions = useTodoActions();
  const pathOf = useRecordPath();
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const counts = usePendingCounts();
  const items = tasks.data?.pages.flatMap((page) => page.items) ?? [];

  const put = (name: string, value: string) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === '') next.delete(name);
        else next.set(name, value);
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
    />
  );

  const taskList = () => (
    <>
      {tasks.isPending && <Skeleton active paragraph={{ rows: 6 }} />}
      {tasks.error && !tasks.data && <PageError error={tasks.error} retry={() => void tasks.refetch()} />}
      {tasks.data && items.length === 0 && (
        <EmptyState
          title={t(state === 'done' ? 'emptyDone' : 'empty')}
          hint={state === 'done' ? undefined : t('emptyHint')}
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
      </div>
      <Tabs
        activeKey={tab}
        onChange={(key) => put('state', key === 'pending' ? '' : key)}
        items={[
          { key: 'pending', label: t('pending') },
          { key: 'done', label: t('done') },
          { key: 'started', label: t('started.title') },
        ]}
        tabBarExtraContent={
          tab !== 'started' && (
            <Segmented
              size="small"
              value={kind ?? ''}
              onChange={(value) => put('kind', String(value))}
              options={[
                { value: '', label: t('all') },
                { value: 'todo', label: t('todo') },
                { value: 'approval', label: t('approvals') },
              ]}
            />
          )
        }
      />
      {tab === 'started' ? <StartedRuns /> : taskList()}
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

import type { RunSummary, runActions } from '@lianke/shared/flows/api';
import type { FormId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, DatePicker, Select, Skeleton, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useForms } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatDatetime, formatRecent, fromWallTime, toWallTime } from '../../shared/format.js';
import { RecordPicker } from '../../shared/record-picker.js';
import '../i18n.js';
import './all-runs.css';
import { KeepRuns } from './keep-runs.js';
import { RunState } from './run-state.js';
import { type RunFilters, useAllRuns, useRunFilters } from './use-all-runs.js';

type Action = (typeof runActions)[number];
const states = ['failed', 'waiting', 'running', 'done', 'cancelled'] as const;

/** `/admin/runs`: runs of every flow; the failed ones are taken on here, several at once. */
export function AllRunsPage() {
  const { t } = useTranslation('flows');
  const { filters, set, reset } = useRunFilters();
  const runs = useAllRuns(filters);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  if (runs.error && !runs.data) return <PageError error={runs.error} retry={() => void runs.refetch()} />;
  const failed = items.filter((run) => run.state === 'failed');
  const picked = failed.filter((run) => chosen.has(run.id));
  const onlyFailed = Object.entries(filters).every(([name, value]) => name === 'state' && value === 'failed');
  return (
    <div className="all-runs">
      <h1 style={{ fontSize: 18 }}>{t('runs.title')}</h1>
      <div className="muted">
        {t('runs.hint')} <KeepRuns />
      </div>
      <Filters filters={filters} set={set} />
      {runs.isPending && <Skeleton active />}
      {runs.data && items.length === 0 && (
        <EmptyState
          title={t(onlyFailed ? 'runs.noneFailed' : 'runs.none')}
          hint={onlyFailed ? t('runs.noneFailedHint') : undefined}
          action={onlyFailed ? undefined : <Button onClick={reset}>{t('runs.reset')}</Button>}
        />
      )}
      {failed.length > 0 && (
        <BulkBar
          failed={failed}
          picked={picked}
          onAll={(on) => setChosen(new Set(on ? failed.map((run) => run.id) : []))}
          onDone={() => setChosen(new Set())}
        />
      )}
      {items.length > 0 && (
        <ul className="all-runs-list" aria-label={t('runs.title')}>
          {items.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              chosen={chosen.has(run.id)}
              onChoose={(on) =>
                setChosen((old) => new Set(on ? [...old, run.id] : [...old].filter((id) => id !== run.id)))
              }
            />
          ))}
        </ul>
      )}
      {runs.hasNextPage && (
        <Button type="link" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t('run.more')}
        </Button>
      )}
    </div>
  );
}

function Filters({ filters, set }: { filters: RunFilters; set: (change: RunFilters) => void }) {
  const { t } = useTranslation('flows');
  const flows = useQuery({ queryKey: ['flows', 'all'], queryFn: async () => (await api('flows.list', {})).items });
  const forms = useForms(filters.app);
  return (
    <div className="all-runs-filters">
      <Select<string>
        aria-label={t('runs.state')}
        style={{ width: 120 }}
        value={filters.state ?? ''}
        onChange={(state) => set({ state })}
        options={[
          { value: '', label: t('run.all') },
          ...states.map((state) => ({ value: state, label: t(`run.state.${state}`) })),
        ]}
      />
      <Select<string>
        aria-label={t('runs.flow')}
        style={{ width: 200 }}
        allowClear
        placeholder={t('runs.anyFlow')}
        value={filters.flow ?? null}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(flow: string | undefined) => set({ flow: flow ?? '' })}
        options={(flows.data ?? []).map((flow) => ({ value: flow.id as string, label: flow.name }))}
      />
      <Select<string>
        aria-label={t('runs.form')}
        style={{ width: 160 }}
        allowClear
        placeholder={t('runs.anyForm')}
        value={filters.form ?? null}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(form: string | undefined) => set({ form: form ?? '', record: '', recordLabel: '' })}
        options={(forms.data ?? []).map((form) => ({ value: form.id as string, label: form.name }))}
      />
      {filters.form && (
        <div style={{ width: 200 }}>
          <RecordPicker
            formId={filters.form as FormId}
            label={t('runs.record')}
            placeholder={t('runs.record')}
            value={filters.record ? { id: filters.record, label: filters.recordLabel ?? '' } : null}
            onChange={(record) => set({ record: record?.id ?? '', recordLabel: record?.label ?? '' })}
          />
        </div>
      )}
      {(['from', 'to'] as const).map((side) => (
        <DatePicker
          key={side}
          showTime={{ format: 'HH:mm' }}
          aria-label={`${t('runs.time')} ${t(`runs.${side}`)}`}
          placeholder={t(`runs.${side}`)}
          value={filters[side] ? toWallTime(filters[side]) : null}
          onChange={(at) => set({ [side]: at ? fromWallTime(at) : '' })}
        />
      ))}
    </div>
  );
}

function BulkBar({
  failed,
  picked,
  onAll,
  onDone,
}: {
  failed: readonly RunSummary[];
  picked: readonly RunSummary[];
  onAll: (on: boolean) => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('flows');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState<Action>();
  const act = async (action: Action) => {
    setBusy(action);
    try {
      const body = { action, ids: picked.map((run) => run.id).slice(0, 200) };
      const { done, left } = await api('runs.act', { body });
      if (done.length > 0) message.success(t('runs.done', { n: done.length }));
      const reasons = [...new Set(left.map((item) => item.reason))];
      if (left.length > 0)
        modal.warning({
          title: t('runs.left', { n: left.length }),
          content: reasons.map((text) => <p key={text}>{text}</p>),
        });
      onDone();
      await client.invalidateQueries({ queryKey: ['all-runs'] });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  };
  const end = () =>
    modal.confirm({
      title: t('runs.cancelAsk', { n: picked.length }),
      content: t('more.cancelHint'),
      okText: t('runs.cancel'),
      okButtonProps: { danger: true },
      onOk: () => act('cancel'),
    });
  const none = picked.length === 0;
  return (
    <div className="all-runs-bar">
      <Checkbox
        checked={picked.length === failed.length}
        indeterminate={!none && picked.length < failed.length}
        onChange={(event) => onAll(event.target.checked)}
      >
        {none ? t('runs.chooseAll') : t('runs.chosen', { n: picked.length })}
      </Checkbox>
      <Button size="small" type="primary" disabled={none} loading={busy === 'retry'} onClick={() => void act('retry')}>
        {t('runs.retry')}
      </Button>
      <Tooltip title={t('more.skipHint')}>
        <Button size="small" disabled={none} loading={busy === 'skip'} onClick={() => void act('skip')}>
          {t('runs.skip')}
        </Button>
      </Tooltip>
      <Button size="small" danger disabled={none} loading={busy === 'cancel'} onClick={end}>
        {t('runs.cancel')}
      </Button>
    </div>
  );
}

function RunRow({ run, chosen, onChoose }: { run: RunSummary; chosen: boolean; onChoose: (on: boolean) => void }) {
  const { t } = useTranslation('flows');
  const label = run.record ? run.record.label || t('run.recordLink') : t('runs.noRecord');
  const name = run.flowName || t('runs.goneFlow');
  return (
    <li>
      <Checkbox
        aria-label={t('runs.choose', { label: `${name} ${label}` })}
        disabled={run.state !== 'failed'}
        checked={chosen}
        onChange={(event) => onChoose(event.target.checked)}
      />
      <span>
        {run.appId ? <Link to={`/apps/${run.appId}/flows/${run.flowId}/runs/${run.id}`}>{name}</Link> : name}{' '}
        <span className="muted">{label}</span>
      </span>
      <span className="all-runs-side">
        <RunState state={run.state} />{' '}
        <Tooltip title={formatDatetime(run.startedAt, 'second')}>
          <span className="muted tabular">{formatRecent(run.startedAt)}</span>
        </Tooltip>
      </span>
      {run.error && (
        <span className="all-runs-error">
          {run.failedAt ? t('runs.failedAt', { name: nodeWords(t, run.failedAt), error: run.error }) : run.error}
        </span>
      )}
    </li>
  );
}

/** A step's own name, or what its kind is called. */
function nodeWords(t: ReturnType<typeof useTranslation<'flows'>>['t'], name: string): string {
  const key = `node.${name}`;
  const words = t(key as 'node.end');
  return words === key ? name : words;
}

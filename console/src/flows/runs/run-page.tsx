import { ArrowLeftOutlined } from '@ant-design/icons';
import type { RunDetail } from '@lianke/shared/flows/api';
import { inputsOf } from '@lianke/shared/flows/triggers';
import type { RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ReactFlowProvider } from '@xyflow/react';
import { Alert, App, Button, Select, Skeleton, Tooltip } from 'antd';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, useForms } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import '../../shared/designer/designer.css';
import { formatDatetime } from '../../shared/format.js';
import { FlowCanvas } from '../designer/flow-canvas.js';
import { pictureOf } from '../designer/picture.js';
import { StepIcon } from '../designer/step-kinds.js';
import { inputLabel } from '../model/fixed-inputs.js';
import { nodeOf, triggerId } from '../model/graph.js';
import { useSpeaker } from '../model/use-speaker.js';
import { nodeName, type Speaker } from '../model/words.js';
import { RunState } from './run-state.js';
import { StepResult } from './step-result.js';
import { took } from './took.js';
import { mainVisit, statesOf, type Visit, visitsOf } from './visits.js';

/** `/apps/:appId/flows/:flowId/runs/:runId`: one run in the picture of the version that it ran. */
export function RunPage() {
  const { appId = '', runId = '' } = useParams();
  const run = useQuery({
    queryKey: ['run', runId],
    queryFn: () => api('runs.get', { params: { id: runId as RunId } }),
    refetchInterval: (query) =>
      query.state.data && ['running', 'waiting'].includes(query.state.data.state) ? 2000 : false,
  });
  const forms = useForms(appId);
  const error = run.error ?? forms.error;
  if (error && !(run.data && forms.data)) return <PageError error={error} retry={() => void run.refetch()} />;
  if (!run.data || !forms.data) return <Skeleton active style={{ padding: 32 }} />;
  return (
    <ReactFlowProvider>
      <Run key={runId} appId={appId} run={run.data} forms={forms.data} />
    </ReactFlowProvider>
  );
}

function Run({ appId, run, forms }: { appId: string; run: RunDetail; forms: readonly FormView[] }) {
  const { t } = useTranslation('flows');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const speaker = useSpeaker(run.definition, forms);
  const picture = useMemo(() => pictureOf(speaker), [speaker]);
  const failed = run.steps.find((step) => step.state === 'failed');
  const [selected, setSelected] = useState<string | undefined>(failed?.node);
  const [busy, setBusy] = useState(false);
  const states = useMemo(() => statesOf(run.steps), [run.steps]);
  const faults = useMemo(
    () => new Map(run.steps.filter((step) => step.error).map((step) => [step.node, [step.error ?? '']])),
    [run.steps],
  );
  const act = async (name: 'runs.skip' | 'runs.cancel', done: string) => {
    setBusy(true);
    try {
      client.setQueryData(['run', run.id], await api(name, { params: { id: run.id } }));
      void client.invalidateQueries({ queryKey: ['runs', run.flowId] });
      message.success(done);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const cancel = () =>
    modal.confirm({
      title: t('more.cancelAsk'),
      content: t('more.cancelHint'),
      okText: t('more.cancel'),
      okButtonProps: { danger: true },
      onOk: () => act('runs.cancel', t('more.cancelled')),
    });
  const retry = async () => {
    setBusy(true);
    try {
      client.setQueryData(['run', run.id], await api('runs.retry', { params: { id: run.id } }));
      void client.invalidateQueries({ queryKey: ['runs', run.flowId] });
      message.success(t('run.retried'));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="designer">
      <header className="designer-header">
        <Link to={`/apps/${appId}/flows/${run.flowId}/runs`} aria-label={t('run.back')}>
          <Button type="text" icon={<ArrowLeftOutlined />} tabIndex={-1} />
        </Link>
        <h1 style={{ fontSize: 16 }}>{run.flowName}</h1>
        <span className="tint tint-gray">{t('design.versionOf', { version: run.version })}</span>
        <RunState state={run.state} />
        <span className="muted ellipsis">
          {formatDatetime(run.startedAt, 'second')} {took(t, run.startedAt, run.finishedAt)}
        </span>
        <span className="designer-gap" />
        {run.record && (
          <Link to={`/apps/${appId}/forms/${run.record.formId}/records/${run.record.id}`}>
            {run.record.label || t('run.recordLink')}
          </Link>
        )}
        {(run.state === 'failed' || run.state === 'waiting' || run.state === 'running') && (
          <Button type="text" danger disabled={busy} onClick={cancel}>
            {t('more.cancel')}
          </Button>
        )}
        {failed && run.state === 'failed' && (
          <Tooltip title={t('more.skipHint')}>
            <Button disabled={busy} onClick={() => void act('runs.skip', t('more.skipped'))}>
              {t('more.skip')}
            </Button>
          </Tooltip>
        )}
        {run.state === 'failed' && (
          <Tooltip title={t('run.retryHint')}>
            <Button type="primary" loading={busy} onClick={() => void retry()}>
              {t('run.retry')}
            </Button>
          </Tooltip>
        )}
      </header>
      {(failed?.error ?? run.error) && (
        <Alert
          banner
          type="error"
          title={
            failed
              ? t('run.stoppedAt', {
                  name: nodeName(speaker, failed.node),
                  n: placeOf(run.steps, failed.node),
                  error: withoutStop(failed.error ?? ''),
                })
              : run.error
          }
        />
      )}
      <div className="designer-body">
        <div className="designer-canvas">
          <FlowCanvas
            speaker={speaker}
            picture={picture}
            selected={selected}
            onSelect={setSelected}
            states={states}
            faults={faults}
          />
        </div>
        <aside className="designer-panel" aria-label={t('run.steps')}>
          <StepDetail key={selected} appId={appId} run={run} id={selected} speaker={speaker} />
        </aside>
      </div>
    </div>
  );
}

/** Which step of the run a node was, the one behind the trigger being the first. */
function placeOf(steps: RunDetail['steps'], node: string): number {
  return [...new Set(steps.map((step) => step.node))].indexOf(node) + 1;
}

/** A sentence that goes on behind its end. */
const withoutStop = (sentence: string): string => sentence.replace(/[。.]$/, '');

function StepDetail({
  appId,
  run,
  id,
  speaker,
}: {
  appId: string;
  run: RunDetail;
  id: string | undefined;
  speaker: Speaker;
}) {
  const { t } = useTranslation('flows');
  const visits = visitsOf(run.steps, id ?? '');
  const [chosen, setChosen] = useState<string>();
  const visit = visits.find((item) => keyOf(item) === chosen) ?? mainVisit(visits);
  const step = visit?.step;
  const node = id === undefined ? undefined : nodeOf(run.definition, id);
  if (id === undefined) {
    return (
      <>
        <div className="designer-panel-head">{t('run.steps')}</div>
        <div className="designer-panel-body muted">{t('run.pick')}</div>
      </>
    );
  }
  return (
    <>
      <div className="designer-panel-head">
        <StepIcon kind={node?.type ?? 'trigger'} />
        <span style={{ flex: 1 }}>{nodeName(speaker, id)}</span>
        {step && <span className="muted">{t(`run.step.${step.state}`)}</span>}
      </div>
      <div className="designer-panel-body">
        {id === triggerId && run.record && <p>{t('run.startedBy', { label: run.record.label })}</p>}
        {id === triggerId && run.starter && <p className="muted">{t('runs.by', { names: run.starter.label })}</p>}
        {id === triggerId && <Content title={t('start.input')} value={namedInput(t, run)} />}
        {id !== triggerId && !step && <p className="muted">{t('run.noStep')}</p>}
        {visit && visits.length > 1 && (
          <Select
            aria-label={t('runs.visits', { n: visits.length })}
            style={{ width: '100%', marginBottom: 12 }}
            showSearch={{ optionFilterProp: 'label' }}
            value={keyOf(visit)}
            onChange={setChosen}
            options={visits.map((item) => ({ value: keyOf(item), label: visitLabel(t, item) }))}
          />
        )}
        {step && (
          <>
            <p className="muted tabular" style={{ marginBottom: 12 }}>
              {formatDatetime(step.startedAt, 'second')}
              {step.startedAt !== step.finishedAt && ` ${took(t, step.startedAt, step.finishedAt)}`}
              {step.attempts > 0 && ` ${t('runs.attempts', { n: step.attempts })}`}
              {step.actors.length > 0 &&
                ` ${t('runs.by', { names: step.actors.map((actor) => actor.label).join(t('say.and')) })}`}
            </p>
            {step.error && (
              <Alert
                type="error"
                showIcon
                title={t('run.error')}
                description={step.error}
                style={{ marginBottom: 16 }}
              />
            )}
            <Content title={t('run.input')} value={step.input} />
            {node && step.output !== null && (
              <section style={{ marginBottom: 16 }}>
                <div className="designer-label">{t('run.output')}</div>
                <StepResult speaker={speaker} node={node} output={step.output} appId={appId} />
              </section>
            )}
          </>
        )}
      </div>
    </>
  );
}

/** What the run was given, by the names that the trigger's author gave. */
function namedInput(t: TFunction<'flows'>, { input, definition }: RunDetail): Json | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const names = new Map(
    inputsOf(definition.trigger).map((item) => [item.key, inputLabel(t, definition.trigger, item)]),
  );
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [names.get(key) ?? key, value]));
}

const keyOf = ({ step }: Visit) => `${step.scope} ${step.iteration}`;

/** 「第 3 轮，第 2 次 · 失败」 */
function visitLabel(t: TFunction<'flows'>, { step, rounds, time }: Visit): string {
  const where = [
    rounds.length > 0 ? t('runs.round', { n: rounds.join('-') }) : '',
    time === null ? '' : t('runs.again', { n: time }),
  ].filter((part) => part !== '');
  return `${where.join(t('runs.comma'))} · ${t(`run.step.${step.state}`)}`;
}

/** A step's input or result: lines of name and value, nested ones indented. */
function Content({ title, value }: { title: string; value: Json | null }) {
  const { t } = useTranslation('flows');
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return null;
  return (
    <section style={{ marginBottom: 16 }}>
      <div className="designer-label">{title}</div>
      <Value value={value} blank={t('say.blank')} />
    </section>
  );
}

const isSecret = (item: Json): item is { secret: string } =>
  typeof item === 'object' && item !== null && !Array.isArray(item) && typeof item.secret === 'string';

function Value({ value, blank }: { value: Json; blank: string }) {
  const { t } = useTranslation('flows');
  if (value === null || value === '') return <span className="muted">{blank}</span>;
  if (typeof value !== 'object') return <span style={{ overflowWrap: 'anywhere' }}>{String(value)}</span>;
  if (!Array.isArray(value) && typeof value.label === 'string' && typeof value.id === 'string') {
    return <span title={value.id}>{value.label}</span>;
  }
  if (Array.isArray(value) && value.some((item) => isSecret(item)))
    return (
      <span style={{ overflowWrap: 'anywhere' }}>
        {value.map((item) => (isSecret(item) ? t('outside.secretChip', { name: item.secret }) : String(item))).join('')}
      </span>
    );
  const entries: [string, Json][] = Array.isArray(value)
    ? value.map((item, index) => [String(index + 1), item])
    : Object.entries(value);
  return (
    <div>
      {entries.map(([key, item]) => (
        <div className="test-line" key={key}>
          <span className="muted ellipsis" title={key}>
            {key}
          </span>
          <Value value={item} blank={blank} />
        </div>
      ))}
    </div>
  );
}

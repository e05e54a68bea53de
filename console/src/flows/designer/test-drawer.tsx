import { CheckCircleOutlined, CloseCircleOutlined, MinusCircleOutlined } from '@ant-design/icons';
import { type FlowDetail, mostReplayed, type ReplayFlowResult, type TestFlowResult } from '@lianke/shared/flows/api';
import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { bringsRecord } from '@lianke/shared/flows/triggers';
import type { RecordId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Collapse, Drawer, InputNumber, Radio, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { Labelled } from '../../shared/designer/labelled.js';
import type { Autosave } from '../../shared/designer/use-autosave.js';
import { EmptyState } from '../../shared/empty-state.js';
import { RecordPicker } from '../../shared/record-picker.js';
import { triggerId } from '../model/graph.js';
import { formOfSource, nodeName, type Speaker } from '../model/words.js';
import { StepIcon } from './step-kinds.js';

type Way = 'latest' | 'chosen' | 'replay';

interface Props {
  open: boolean;
  onClose: () => void;
  flow: FlowDetail;
  speaker: Speaker;
  /** The draft has faults that keep it from running. */
  blocked: boolean;
  save: Autosave;
  onSelect: (nodeId: string) => void;
}

/** 试运行: what the draft would write and send for one record, step by step, without doing it. */
export function TestDrawer({ open, onClose, flow, speaker, blocked, save, onSelect }: Props) {
  const { t } = useTranslation('flows');
  const [way, setWay] = useState<Way>('latest');
  const [last, setLast] = useState(5);
  const latest = way === 'latest';
  const [record, setRecord] = useState<Reference | null>(null);
  const form = formOfSource(speaker, triggerId);
  const test = useMutation({
    mutationFn: async () => {
      await save.flush();
      const body = !latest && record ? { recordId: record.id as RecordId } : {};
      return api('flows.test', { params: { id: flow.id }, body });
    },
  });
  const replay = useMutation({
    mutationFn: async () => {
      await save.flush();
      return api('flows.replay', { params: { id: flow.id }, body: { last } });
    },
  });
  const going = way === 'replay' ? replay : test;
  return (
    <Drawer open={open} onClose={onClose} size={420} title={t('test.title')} mask={false} destroyOnHidden>
      <p className="muted" style={{ marginBottom: 16 }}>
        {t('test.hint')}
      </p>
      {blocked ? (
        <Alert type="warning" showIcon title={t('test.saveFirst')} />
      ) : (
        <>
          <Labelled group label={t('test.record')}>
            <Radio.Group
              value={way}
              onChange={(event) => setWay(event.target.value as Way)}
              options={[
                { value: 'latest', label: t('test.latest') },
                { value: 'chosen', label: form?.name ?? '' },
                { value: 'replay', label: t('test.replay') },
              ]}
            />
            {way === 'replay' && (
              <div className="panel-row" style={{ marginTop: 8 }}>
                <InputNumber<number>
                  aria-label={t('test.replayCount')}
                  min={1}
                  max={mostReplayed}
                  precision={0}
                  value={last}
                  onChange={(n) => setLast(n ?? 5)}
                />
                <span>{t('test.replayUnit')}</span>
              </div>
            )}
            {way === 'chosen' && form && (
              <div style={{ marginTop: 8 }}>
                <RecordPicker formId={form.id} value={record} onChange={setRecord} label={t('test.record')} />
              </div>
            )}
          </Labelled>
          <Button
            type="primary"
            loading={going.isPending}
            disabled={way === 'chosen' && !record}
            onClick={() => going.mutate()}
            style={{ marginBottom: 16 }}
          >
            {going.data ? t('test.again') : t('test.run')}
          </Button>
        </>
      )}
      {going.isPending && <Skeleton active />}
      {going.error && <Alert type="error" showIcon title={messageOf(going.error)} />}
      {way === 'replay' && replay.data && !replay.isPending && (
        <ReplayResult result={replay.data} formName={form?.name ?? ''} speaker={speaker} onSelect={onSelect} />
      )}
      {way !== 'replay' && test.data && !test.isPending && (
        <TestResult result={test.data} formName={form?.name ?? ''} speaker={speaker} onSelect={onSelect} />
      )}
    </Drawer>
  );
}

/** What would come of each of the last records, one line each until it is opened. */
function ReplayResult({
  result,
  formName,
  speaker,
  onSelect,
}: {
  result: ReplayFlowResult;
  formName: string;
  speaker: Speaker;
  onSelect: (nodeId: string) => void;
}) {
  const { t } = useTranslation('flows');
  const { items } = result;
  if (items.length === 0) return <EmptyState compact title={t('test.noRecord', { form: formName })} />;
  const sum = (count: (item: ReplayFlowResult['items'][number]) => number) =>
    items.reduce((total, item) => total + count(item), 0);
  return (
    <>
      <p style={{ marginBottom: 12 }}>
        {t('test.replaySum', {
          n: items.length,
          writes: sum((item) => item.writes),
          sends: sum((item) => item.sends),
          failed: sum((item) => (item.failed ? 1 : 0)),
        })}
      </p>
      <Collapse
        size="small"
        items={items.map((item, index) => ({
          key: item.record?.id ?? String(index),
          label: (
            <>
              {item.record?.label || t('run.recordLink')}{' '}
              <span className="muted">{t('test.replayLine', { writes: item.writes, sends: item.sends })}</span>
              {item.failed && (
                <CloseCircleOutlined
                  aria-label={t('test.replayFailed')}
                  style={{ marginLeft: 8, color: 'var(--ant-color-error)' }}
                />
              )}
            </>
          ),
          children: <Steps steps={item.steps} speaker={speaker} onSelect={onSelect} />,
        }))}
      />
    </>
  );
}

function TestResult({
  result,
  formName,
  speaker,
  onSelect,
}: {
  result: TestFlowResult;
  formName: string;
  speaker: Speaker;
  onSelect: (nodeId: string) => void;
}) {
  const { t } = useTranslation('flows');
  const noRecord = bringsRecord(speaker.def.trigger) && !result.record;
  if (noRecord) return <EmptyState compact title={t('test.noRecord', { form: formName })} />;
  return (
    <>
      {result.record && <p style={{ marginBottom: 12 }}>{t('test.with', { label: result.record.label })}</p>}
      <Steps steps={result.steps} speaker={speaker} onSelect={onSelect} />
    </>
  );
}

/** What each step would do. */
function Steps({
  steps,
  speaker,
  onSelect,
}: {
  steps: TestFlowResult['steps'];
  speaker: Speaker;
  onSelect: (nodeId: string) => void;
}) {
  const { t } = useTranslation('flows');
  return (
    <ol className="test-steps" aria-label={t('test.title')}>
      {steps.map((step, index) => {
        const skipped = step.outcome === 'skipped';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rounds of a loop repeat a step
          <li key={`${step.node}:${index}`} className={skipped ? 'faded' : ''}>
            <button type="button" className="test-step-head" onClick={() => onSelect(step.node)}>
              <StepIcon kind={step.type as FlowNodeType} />
              <b>{nodeName(speaker, step.node)}</b>
              <span className="test-step-mark">
                {step.error ? (
                  <CloseCircleOutlined style={{ color: 'var(--ant-color-error)' }} />
                ) : skipped ? (
                  <MinusCircleOutlined className="muted" />
                ) : (
                  <CheckCircleOutlined style={{ color: 'var(--ant-color-success)' }} />
                )}
              </span>
            </button>
            <div className="test-step-body">
              {step.outcome && <div>{skipped ? t('test.skipped') : step.outcome}</div>}
              {step.lines.map((line) => (
                <div className="test-line" key={line.label + line.value}>
                  <span className="muted">{line.label}</span>
                  <span>{line.value || t('say.blank')}</span>
                </div>
              ))}
              {step.error && <div style={{ color: 'var(--ant-color-error)' }}>{step.error}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

import { CheckCircleOutlined, CloseCircleOutlined, MinusCircleOutlined } from '@ant-design/icons';
import type { FlowDetail, TestFlowResult } from '@lianke/shared/flows/api';
import type { FlowNodeType } from '@lianke/shared/flows/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Drawer, Radio, Skeleton } from 'antd';
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
  const [latest, setLatest] = useState(true);
  const [record, setRecord] = useState<Reference | null>(null);
  const form = formOfSource(speaker, triggerId);
  const test = useMutation({
    mutationFn: async () => {
      await save.flush();
      const body = !latest && record ? { recordId: record.id as RecordId } : {};
      return api('flows.test', { params: { id: flow.id }, body });
    },
  });
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
              value={latest}
              onChange={(event) => setLatest(event.target.value as boolean)}
              options={[
                { value: true, label: t('test.latest') },
                { value: false, label: form?.name ?? '' },
              ]}
            />
            {!latest && form && (
              <div style={{ marginTop: 8 }}>
                <RecordPicker formId={form.id} value={record} onChange={setRecord} label={t('test.record')} />
              </div>
            )}
          </Labelled>
          <Button
            type="primary"
            loading={test.isPending}
            disabled={!latest && !record}
            onClick={() => test.mutate()}
            style={{ marginBottom: 16 }}
          >
            {test.data ? t('test.again') : t('test.run')}
          </Button>
        </>
      )}
      {test.isPending && <Skeleton active />}
      {test.error && <Alert type="error" showIcon title={messageOf(test.error)} />}
      {test.data && !test.isPending && (
        <TestResult result={test.data} formName={form?.name ?? ''} speaker={speaker} onSelect={onSelect} />
      )}
    </Drawer>
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
  if (!result.record) return <EmptyState compact title={t('test.noRecord', { form: formName })} />;
  return (
    <>
      <p style={{ marginBottom: 12 }}>{t('test.with', { label: result.record.label })}</p>
      <ol className="test-steps" aria-label={t('test.title')}>
        {result.steps.map((step) => {
          const skipped = step.outcome === 'skipped';
          return (
            <li key={step.node} className={skipped ? 'faded' : ''}>
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
    </>
  );
}

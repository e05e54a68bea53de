import { ArrowLeftOutlined } from '@ant-design/icons';
import type { Json } from '@lianke/shared/json';
import { Button, Skeleton, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useParams } from 'react-router-dom';
import { PageError } from '../app/page-error.js';
import { formatDatetime, formatRecent } from '../shared/format.js';
import { Avatar } from '../shared/person.js';
import { CopyMarks } from './copy-marks.js';
import { Dealings } from './dealings.js';
import { DecideBar } from './decide-bar.js';
import { mainFact } from './group-tasks.js';
import './i18n.js';
import { NodeForm, type NodeValues } from './node-form.js';
import { ProgressLine } from './progress-line.js';
import { RecordFacts } from './record-facts.js';
import { Stages } from './stages.js';
import { stateTints } from './state-tints.js';
import './tasks.css';
import { useRecordPath } from './tasks-page.js';
import { useTask } from './use-tasks.js';
import './words.js';

/** `/tasks/:id`: one approval: who asks for what and how much first, then the facts, then how far it has come. */
export function ApprovalPage() {
  const { t } = useTranslation('tasks');
  const { t: a } = useTranslation('taskActions');
  const { id = '' } = useParams();
  const [shown, setShown] = useState<Record<string, Json>>({});
  const [values, setValues] = useState<NodeValues>({});
  const task = useTask(id);
  const pathOf = useRecordPath();
  if (task.error && !task.data) return <PageError error={task.error} retry={() => void task.refetch()} />;
  if (!task.data) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 8 }} />;
  const { kind, title, facts, starter, subject, createdAt, progress, state } = task.data;
  if (kind === 'todo') return <Navigate to={pathOf(task.data.record) ?? '/tasks'} replace />;
  const amount = facts[mainFact(facts)];
  const who = starter?.label;
  const fills = task.data.ask === 'fill' && state === 'pending';
  const asks = fills
    ? a('asksFill')
    : who
      ? t(state === 'pending' ? 'approval.asks' : 'approval.askedBy', { who })
      : t('approval.anon');
  const recordPath = pathOf(subject);
  return (
    <div className="approval-page">
      <div className="approval-scroll">
        <div className="approval-inner">
          <div>
            <section className="approval-card">
              <div className="approval-who">
                <Link to="/tasks" aria-label={t('approval.back')}>
                  <Button type="text" icon={<ArrowLeftOutlined />} tabIndex={-1} />
                </Link>
                {who && <Avatar name={who} size={32} />}
                <span>{asks}</span>
                <span className="muted">{formatRecent(createdAt)}</span>
                {task.data.actingFor && (
                  <span className="tint tint-blue">{a('by', { who: task.data.actingFor.label })}</span>
                )}
                {task.data.changedAfter && (
                  <Tooltip title={a('changedHint')}>
                    <span className="tint tint-red">{a('changed')}</span>
                  </Tooltip>
                )}
                {task.data.locked && <span className="tint tint-gray">{a('locked')}</span>}
                {task.data.dueAt && (
                  <span className="tint tint-orange">{a('due', { when: formatDatetime(task.data.dueAt) })}</span>
                )}
                {state !== 'pending' && <span className={`tint tint-${stateTints[state]}`}>{t(`state.${state}`)}</span>}
              </div>
              <h1 className="approval-title">{title}</h1>
              {amount && (
                <div className="approval-amount tabular" title={amount.label}>
                  {amount.value}
                </div>
              )}
              <dl className="approval-facts" aria-label={t('approval.facts')}>
                {facts
                  .filter((fact) => fact !== amount)
                  .map((fact) => (
                    <div key={fact.label}>
                      <dt>{fact.label}</dt>
                      <dd>{fact.value}</dd>
                    </div>
                  ))}
              </dl>
            </section>
            <NodeForm
              task={task.data}
              shown={shown}
              onChange={(key, value, written) => {
                setShown((old) => ({ ...old, [key]: value }));
                setValues((old) => ({ ...old, [key]: written }));
              }}
            />
            {subject && (
              <section className="approval-card">
                <h2>
                  {t('approval.record')}
                  {recordPath && <Link to={recordPath}>{t('approval.openRecord')}</Link>}
                </h2>
                <RecordFacts formId={subject.formId} id={subject.id} hidden={task.data.fields} />
              </section>
            )}
            {subject && <Dealings formId={subject.formId} id={subject.id} />}
          </div>
          <section className="approval-card" style={{ alignSelf: 'start' }}>
            <h2>
              {t('approval.progress')}
              <Link to={`/tasks/${id}/print`}>{a('print')}</Link>
            </h2>
            <Stages stages={task.data.stages} />
            <ProgressLine progress={progress} />
            <CopyMarks copies={task.data.copies} />
          </section>
        </div>
      </div>
      <DecideBar key={id} task={task.data} values={values} />
    </div>
  );
}

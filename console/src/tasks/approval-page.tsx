import { ArrowLeftOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useParams } from 'react-router-dom';
import { PageError } from '../app/page-error.js';
import { formatRecent } from '../shared/format.js';
import { Avatar } from '../shared/person.js';
import { Dealings } from './dealings.js';
import { DecideBar } from './decide-bar.js';
import { mainFact } from './group-tasks.js';
import './i18n.js';
import { ProgressLine } from './progress-line.js';
import { RecordFacts } from './record-facts.js';
import './tasks.css';
import { useRecordPath } from './tasks-page.js';
import { useTask } from './use-tasks.js';

/** `/tasks/:id`: one approval: who asks for what and how much first, then the facts, then how far it has come. */
export function ApprovalPage() {
  const { t } = useTranslation('tasks');
  const { id = '' } = useParams();
  const task = useTask(id);
  const pathOf = useRecordPath();
  if (task.error && !task.data) return <PageError error={task.error} retry={() => void task.refetch()} />;
  if (!task.data) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 8 }} />;
  const { kind, title, facts, starter, subject, createdAt, progress, state } = task.data;
  if (kind === 'todo') return <Navigate to={pathOf(task.data.record) ?? '/tasks'} replace />;
  const amount = facts[mainFact(facts)];
  const who = starter?.label;
  const asks = who ? t(state === 'pending' ? 'approval.asks' : 'approval.askedBy', { who }) : t('approval.anon');
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
                {state !== 'pending' && (
                  <span className={`tint tint-${state === 'rejected' ? 'red' : 'green'}`}>{t(`state.${state}`)}</span>
                )}
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
            {subject && (
              <section className="approval-card">
                <h2>
                  {t('approval.record')}
                  {recordPath && <Link to={recordPath}>{t('approval.openRecord')}</Link>}
                </h2>
                <RecordFacts formId={subject.formId} id={subject.id} />
              </section>
            )}
            {subject && <Dealings formId={subject.formId} id={subject.id} />}
          </div>
          <section className="approval-card" style={{ alignSelf: 'start' }}>
            <h2>{t('approval.progress')}</h2>
            <ProgressLine progress={progress} />
          </section>
        </div>
      </div>
      <DecideBar key={id} task={task.data} />
    </div>
  );
}

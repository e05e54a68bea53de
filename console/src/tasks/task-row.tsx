import { CheckOutlined } from '@ant-design/icons';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { dateIn } from '@lianke/shared/time/zone';
import { Checkbox, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { formatDatetime, formatRecent, timeZone } from '../shared/format.js';
import { daysPast } from './group-tasks.js';
import { stateTints } from './state-tints.js';
import './words.js';
import { Named } from '../shared/named.js';

interface Props {
  task: TaskItem;
  /** Address of a record, where the reader may open its app. */
  pathOf: (record: { formId: string; id: string } | null) => string | undefined;
  /** Being completed: struck through until the list is read again. */
  leaving: boolean;
  onToggle: (task: TaskItem) => void;
  /** Offered where the task can be done together with others. */
  picked?: boolean | undefined;
  onPick?: ((task: TaskItem, on: boolean) => void) | undefined;
}

/** One task: its circle, what, whom about, and when. */
export function TaskRow({ task, pathOf, leaving, onToggle, picked, onPick }: Props) {
  const { t } = useTranslation('tasks');
  const { t: a } = useTranslation('taskActions');
  const done = task.state !== 'pending' || leaving;
  const path = task.kind === 'approval' ? `/tasks/${task.id}` : pathOf(task.record);
  const subject = pathOf(task.subject);
  return (
    <li className={done ? 'task-row done' : 'task-row'}>
      {onPick && task.simple && (
        <Checkbox
          aria-label={a('bulk.pick', { title: task.title })}
          checked={picked ?? false}
          onChange={(event) => onPick(task, event.target.checked)}
        />
      )}
      {task.kind === 'todo' ? (
        <button
          type="button"
          className={done ? 'task-circle checked' : 'task-circle'}
          aria-label={t(done ? 'reopen' : 'complete', { title: task.title })}
          onClick={() => onToggle(task)}
        >
          <CheckOutlined />
        </button>
      ) : (
        <span className={`tint tint-${stateTints[task.state]} task-kind`}>
          {task.state !== 'pending'
            ? t(`state.${task.state}`)
            : task.ask && task.ask !== 'approve'
              ? a(`action.${task.ask === 'inform' ? 'answer' : task.ask}`)
              : t('approvals')}
        </span>
      )}
      <div className="task-main">
        <div className="task-title ellipsis" title={task.title}>
          {path ? <Link to={path}>{task.title}</Link> : task.title}
        </div>
        <div className="task-line muted ellipsis">
          {task.kind === 'approval' ? (
            <>
              {task.actingFor && (
                <span>
                  <Named text={a('acting', { who: task.actingFor.label })} />
                </span>
              )}
              {task.starter && (
                <span>
                  <Named text={t('asked', { who: task.starter.label, when: formatRecent(task.createdAt) })} />
                </span>
              )}
              {task.facts.slice(0, 3).map((fact) => (
                <span key={fact.label}>
                  {fact.label} {fact.value}
                </span>
              ))}
            </>
          ) : (
            task.subject &&
            (subject ? <Link to={subject}>{task.subject.label}</Link> : <span>{task.subject.label}</span>)
          )}
        </div>
      </div>
      <Due task={task} />
    </li>
  );
}

function Due({ task }: { task: TaskItem }) {
  const { t } = useTranslation('tasks');
  if (!task.due || task.state !== 'pending') return null;
  const date = task.due.length > 10 ? dateIn(timeZone(), new Date(task.due)) : task.due;
  const late = daysPast(date, dateIn(timeZone(), new Date()));
  const text = late > 0 ? t('dueDays', { n: late }) : late === 0 ? t('dueToday') : t('due', { date });
  return (
    <Tooltip title={task.due.length > 10 ? formatDatetime(task.due) : date}>
      <span className={`task-due tabular${late > 0 ? ' late' : ''}`}>{text}</span>
    </Tooltip>
  );
}

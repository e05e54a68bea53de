import { View } from '@tarojs/components';
import { useFormat } from '../data/context.js';
import { tasksKey } from '../data/keys.js';
import { completeTodo, groupTasks, type Task } from '../data/tasks.js';
import { ago, dayWord, wallClock } from '../data/time.js';
import type { FormatContext } from '../fields/types.js';
import { useT } from '../i18n/index.js';
import { open } from '../platform/navigate.js';
import { useSession } from '../session/session.js';
import { Icon } from './icon.js';
import { PickRing } from './pick-ring.js';
import { RowWindow } from './row-window.js';
import { Tag } from './tag.js';
import './task-list.scss';
import { Named } from './named.js';

/** Several approvals are being picked: only those that need no more than a tap can be. */
export interface Picking {
  picked: readonly string[];
  onPick(task: Task): void;
}

interface Props {
  items: readonly Task[];
  /** The key of the list that a completed to-do leaves at once. */
  listKey?: string;
  picking?: Picking | undefined;
}

/** To-dos and approvals by 逾期, 今天, 以后. */
export function TaskList({ items, listKey, picking }: Props) {
  const format = useFormat();
  const { me } = useSession();
  const key = listKey ?? (me ? tasksKey(me.member.id, 'pending') : '');
  return (
    <View>
      {groupTasks(items).map((group) => (
        <View key={group.urgency}>
          <View className={`section-title ${group.urgency === 'overdue' ? 'section-title--late' : ''}`}>
            {format.t(`task.${group.urgency}`)} <View className="task-count num">{group.items.length}</View>
          </View>
          <View className="card task-card">
            <RowWindow
              items={group.items}
              row={(task) => (
                <TaskRow
                  key={task.id}
                  task={task}
                  format={format}
                  picking={picking}
                  onComplete={() => void completeTodo(task, key)}
                />
              )}
            />
          </View>
        </View>
      ))}
    </View>
  );
}

/** When it is due, in the words of a person. */
export function dueText(task: Task, { t, zone, now }: FormatContext): string {
  if (!task.due)
    return task.kind === 'approval' ? t('task.waiting', { since: ago(t, zone, Date.parse(task.createdAt), now) }) : '';
  const today = wallClock(zone, now).date;
  if (task.due.length === 10) return dayWord(t, task.due, today);
  const due = wallClock(zone, Date.parse(task.due));
  return `${dayWord(t, due.date, today)} ${due.time}`;
}

export function openTask(task: Task): void {
  if (task.kind === 'approval') open('/pages/task/index', { id: task.id });
  else if (task.record) open('/pages/record/index', { formId: task.record.formId, id: task.record.id });
}

interface RowProps {
  task: Task;
  format: FormatContext;
  picking: Picking | undefined;
  onComplete(): void;
}

function TaskRow({ task, format, picking, onComplete }: RowProps) {
  const { t } = format;
  if (picking) return <PickedRow task={task} picking={picking} />;
  const approval = task.kind === 'approval';
  const about = [dueText(task, format), approval ? task.starter?.label : task.subject?.label]
    .filter(Boolean)
    .join(' · ');
  return (
    <View className="task" hoverClass="is-pressed" onClick={() => openTask(task)}>
      {approval ? (
        <View className="task__circle">
          <View className="task__mark">{t('task.approvalMark')}</View>
        </View>
      ) : (
        <View
          className="task__circle"
          aria-label={t('task.complete')}
          onClick={(event) => {
            event.stopPropagation();
            onComplete();
          }}
        >
          <PickRing on={false} />
        </View>
      )}
      <View className="task__main">
        <View className="task__title">
          <Named text={task.title} />
        </View>
        {about ? (
          <View className={`task__about ${task.urgency === 'overdue' ? 'task__about--late' : ''}`}>
            <Named text={about} />
          </View>
        ) : null}
      </View>
      {approval ? <Tag label={t('task.approval')} color="blue" /> : <Icon name="next" small className="task__next" />}
    </View>
  );
}

/** An approval with a circle to pick it; one that asks for more says so. */
function PickedRow({ task, picking }: { task: Task; picking: Picking }) {
  const t = useT();
  const on = picking.picked.includes(task.id);
  return (
    <View
      className={`task ${task.simple ? '' : 'task--off'}`}
      onClick={task.simple ? () => picking.onPick(task) : undefined}
    >
      <View className="task__circle">
        <PickRing on={on} />
      </View>
      <View className="task__main">
        <View className="task__title">{task.title}</View>
        <View className="task__about">{task.simple ? task.starter?.label : t('bulk.notSimple')}</View>
      </View>
    </View>
  );
}

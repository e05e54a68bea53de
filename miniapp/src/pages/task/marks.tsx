import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { Tag } from '../../components/tag.js';
import { useFormat } from '../../data/context.js';
import { dayWord, wallClock } from '../../data/time.js';

/** Until when the approval is to be answered, and that its record cannot be edited meanwhile. */
export function Marks({ detail: { dueAt, locked } }: { detail: AnswerOf<'tasks.get'> }) {
  const { t, zone, now } = useFormat();
  if (!dueAt && !locked) return null;
  const due = dueAt ? wallClock(zone, Date.parse(dueAt)) : undefined;
  const late = !!dueAt && Date.parse(dueAt) < now;
  return (
    <View className="ask__marks">
      {due ? (
        <Tag
          label={t(late ? 'task.wasDue' : 'task.due', {
            when: `${dayWord(t, due.date, wallClock(zone, now).date)} ${due.time}`,
          })}
          color={late ? 'red' : 'orange'}
        />
      ) : null}
      {locked ? <Tag label={t('task.locked')} /> : null}
    </View>
  );
}

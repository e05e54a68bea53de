import type { TaskMapping } from '@lianke/shared/forms/definition';
import { Select, Switch } from 'antd';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { fieldsInOrder } from '../model/design.js';
import { optionsOf } from '../model/payload.js';
import { fieldChoices } from './form-properties.js';
import { Prop, SwitchProp } from './prop.js';

/** Which fields make a record of this form a to-do. */
export function TaskProperties({ task }: { task: TaskMapping }) {
  const text = useText();
  const { design, act } = useDesigner();
  const fields = fieldsInOrder(design);
  const owner = design.fields.owner;
  const set = (patch: { [K in keyof TaskMapping]?: TaskMapping[K] | undefined }) => {
    const next: Record<string, string | boolean | undefined> = { ...task, ...patch };
    for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
    act({ type: 'updateSettings', patch: { task: next as TaskMapping } });
  };
  const done = design.fields[task.done];
  const width = { width: '100%' };
  return (
    <>
      <Prop label={text('taskTitle')}>
        <Select
          value={task.title || undefined}
          status={task.title ? '' : 'warning'}
          placeholder={text('choose')}
          onChange={(title) => set({ title })}
          options={fieldChoices(fields.filter((field) => field.type === 'text' || field.type === 'autonumber'))}
          style={width}
        />
      </Prop>
      <Prop label={text('taskOwner')}>
        <Select
          value={task.owner}
          onChange={(next) => set({ owner: next })}
          options={fieldChoices([...(owner ? [owner] : []), ...fields.filter((field) => field.type === 'member')])}
          style={width}
        />
      </Prop>
      <Prop label={text('taskDue')}>
        <Select
          allowClear
          value={task.due}
          placeholder={text('noneChosen')}
          onChange={(due: string | undefined) => set({ due })}
          options={fieldChoices(fields.filter((field) => field.type === 'date' || field.type === 'datetime'))}
          style={width}
        />
      </Prop>
      <Prop label={text('taskDone')} hint={text('taskDoneHint')}>
        <Select
          value={task.done || undefined}
          status={task.done ? '' : 'warning'}
          placeholder={text('choose')}
          onChange={(next) => set({ done: next, doneOption: undefined })}
          options={fieldChoices(fields.filter((field) => field.type === 'switch' || field.type === 'select'))}
          style={width}
        />
      </Prop>
      {done?.type === 'select' && (
        <Prop label={text('taskDoneOption')}>
          <Select
            value={task.doneOption}
            status={task.doneOption ? '' : 'warning'}
            placeholder={text('choose')}
            onChange={(doneOption) => set({ doneOption })}
            options={optionsOf(done).map((option) => ({ value: option.id, label: option.label }))}
            style={width}
          />
        </Prop>
      )}
      <Prop label={text('taskSubject')}>
        <Select
          allowClear
          value={task.subject}
          placeholder={text('noneChosen')}
          onChange={(subject: string | undefined) => set({ subject })}
          options={fieldChoices(fields.filter((field) => field.type === 'relation'))}
          style={width}
        />
      </Prop>
      {task.due && (
        <SwitchProp label={text('taskRemind')} hint={text('taskRemindHint')}>
          <Switch
            size="small"
            checked={task.remind !== false}
            onChange={(on) => set({ remind: on ? undefined : false })}
          />
        </SwitchProp>
      )}
    </>
  );
}

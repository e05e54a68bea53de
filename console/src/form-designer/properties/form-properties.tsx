import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { titleFieldTypes } from '@lianke/shared/forms/definition';
import { Input, Select, Switch } from 'antd';
import { aside } from '../../i18n/punctuation.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { fieldsInOrder } from '../model/design.js';
import { keptTypes } from './field-properties.js';
import { FormFillRate } from './fill-rate.js';
import { FormRules } from './form-rules.js';
import { Prop, SwitchProp } from './prop.js';
import styles from './properties.module.css';
import { TaskProperties } from './task-properties.js';

/** Choices of a select over fields. */
export function fieldChoices(fields: readonly DesignField[]) {
  return fields.map((field) => ({ value: field.uid, label: field.name || '—' }));
}

/** The properties of the form itself. */
export function FormProperties() {
  const text = useText();
  const { design, act } = useDesigner();
  const { settings } = design;
  const fields = fieldsInOrder(design);
  const first = fields.find((field) => field.type === 'text');
  return (
    <>
      <Prop label={text('formName')}>
        <Input
          maxLength={40}
          value={design.name}
          status={design.name.trim() === '' ? 'error' : ''}
          onChange={(event) => act({ type: 'rename', name: event.target.value }, 'formName')}
        />
      </Prop>
      <Prop label={text('titleField')} hint={text('titleFieldHint')}>
        <Select
          allowClear
          value={settings.titleField}
          placeholder={first ? `${text('titleFieldAuto')}${aside(first.name)}` : text('titleFieldAuto')}
          onChange={(titleField: string | undefined) => act({ type: 'updateSettings', patch: { titleField } })}
          options={fieldChoices(fields.filter((field) => titleFieldTypes.includes(field.type)))}
          style={{ width: '100%' }}
        />
      </Prop>
      <Prop label={text('summaryFields')} hint={text('summaryFieldsHint')}>
        <Select<string[]>
          mode="multiple"
          maxCount={3}
          value={settings.summaryFields}
          placeholder={text('noneChosen')}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(summaryFields) => act({ type: 'updateSettings', patch: { summaryFields } })}
          options={fieldChoices(fields.filter((field) => field.type !== 'attachment' && field.type !== 'longText'))}
          style={{ width: '100%' }}
        />
      </Prop>
      <Prop label={text('quickFields')} hint={text('quickFieldsHint')}>
        <Select<string[]>
          mode="multiple"
          maxCount={20}
          value={settings.quickFields ?? []}
          placeholder={text('quickFieldsAuto')}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(list) =>
            act({ type: 'updateSettings', patch: { quickFields: list.length > 0 ? list : undefined } })
          }
          options={fieldChoices(fields.filter((field) => !keptTypes.includes(field.type)))}
          style={{ width: '100%' }}
        />
      </Prop>
      <Prop label={text('noticeText')}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={500}
          placeholder={text('noticePlaceholder')}
          value={settings.notice ?? ''}
          onChange={(event) =>
            act({ type: 'updateSettings', patch: { notice: event.target.value || undefined } }, 'notice')
          }
        />
      </Prop>
      <Prop label={text('group')}>
        <Input
          maxLength={40}
          placeholder={text('groupPlaceholder')}
          value={settings.group ?? ''}
          onChange={(event) =>
            act({ type: 'updateSettings', patch: { group: event.target.value || undefined } }, 'group')
          }
        />
      </Prop>
      <hr className={styles.divider} />
      <FormRules />
      <hr className={styles.divider} />
      <SwitchProp label={text('taskForm')} hint={text('taskFormHint')}>
        <Switch
          checked={settings.task !== undefined}
          onChange={(on) => {
            const find = (...types: FieldTypeName[]) => fields.find((field) => types.includes(field.type))?.uid;
            const due = find('datetime', 'date');
            const task = on
              ? { title: find('text') ?? '', owner: 'owner', done: find('switch') ?? '', ...(due ? { due } : {}) }
              : undefined;
            act({ type: 'updateSettings', patch: { task } });
          }}
        />
      </SwitchProp>
      {settings.task && <TaskProperties task={settings.task} />}
      <FormFillRate />
    </>
  );
}

import { Checkbox, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { formOfSource } from '../model/words.js';
import { CardEditor } from './card-editor.js';
import { PeopleEditor } from './people-editor.js';
import { RemindEditor } from './remind-editor.js';
import { RecordChoice, type StepProps } from './step-parts.js';

/** 发消息: who receives it, what the card says, what it opens. */
export function MessagePanel({ node, onChange, speaker, sources }: StepProps<'message'>) {
  const { t } = useTranslation('flows');
  const taskForm = formOfSource(speaker, node.record)?.settings.task !== undefined;
  return (
    <>
      <Labelled group label={t('panel.to')}>
        <PeopleEditor
          people={node.to}
          label={t('panel.to')}
          sources={sources}
          forms={speaker.forms}
          onChange={(to) => onChange({ ...node, to })}
        />
      </Labelled>
      <RecordChoice
        label={t('panel.opens')}
        nodeId={node.id}
        value={node.record}
        speaker={speaker}
        onChange={(record) => {
          const task = formOfSource(speaker, record)?.settings.task !== undefined;
          onChange({ ...node, record, kind: task ? node.kind : 'notice' });
        }}
      />
      {taskForm && (
        <Labelled group label={t('panel.messageKind')}>
          <Radio.Group
            value={node.kind}
            onChange={(event) => onChange({ ...node, kind: event.target.value as 'notice' | 'task' })}
            options={[
              { value: 'notice', label: t('panel.notice') },
              { value: 'task', label: t('panel.task') },
            ]}
          />
        </Labelled>
      )}
      {taskForm && node.kind === 'task' && (
        <RemindEditor
          remind={node.remind}
          onChange={(remind, merge) => {
            const { remind: _, ...rest } = node;
            onChange(remind ? { ...rest, remind } : rest, merge);
          }}
        />
      )}
      <CardEditor
        title={node.title}
        facts={node.facts}
        onTitle={(title) => onChange({ ...node, title }, 'title')}
        onFacts={(facts, merge) => onChange({ ...node, facts }, merge)}
        speaker={speaker}
        sources={sources}
        buttons={node.kind === 'task' ? [t('panel.buttonDone'), t('card.later')] : [t('panel.buttonOpen')]}
      />
      <Checkbox
        className="panel-check"
        checked={node.urgent === true}
        onChange={(event) => {
          const { urgent: _, ...rest } = node;
          onChange(event.target.checked ? { ...rest, urgent: true } : rest);
        }}
      >
        {t('card.urgent')} <span className="muted">{t('card.urgentHint')}</span>
      </Checkbox>
    </>
  );
}

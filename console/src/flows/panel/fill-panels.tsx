import type { ValueExpr } from '@lianke/shared/flows/values';
import { Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { NodeFields } from '../approval/node-fields.js';
import { formOfSource } from '../model/words.js';
import { CardEditor } from './card-editor.js';
import { PeopleEditor } from './people-editor.js';
import { RecordChoice, type StepProps } from './step-parts.js';
import { TextEditor } from './text-editor.js';
import type { TextPart } from './text-parts.js';

/** 填写: who fills which fields of which record in, and what the card says. */
export function FillPanel({ node, onChange, speaker, sources }: StepProps<'fill'>) {
  const { t } = useTranslation('flows');
  const form = formOfSource(speaker, node.target);
  return (
    <>
      <Labelled group label={t('fill.people')}>
        <PeopleEditor
          people={node.people}
          label={t('fill.people')}
          sources={sources}
          forms={speaker.forms}
          onChange={(people) => onChange({ ...node, people })}
        />
      </Labelled>
      <Labelled group label={t('fill.who')}>
        <Radio.Group
          value={node.who}
          onChange={(event) => onChange({ ...node, who: event.target.value as 'any' | 'all' })}
          options={(['any', 'all'] as const).map((value) => ({ value, label: t(`fill.whoOf.${value}`) }))}
        />
      </Labelled>
      <RecordChoice
        label={t('fill.target')}
        nodeId={node.id}
        value={node.target}
        speaker={speaker}
        onChange={(target) => {
          const same = formOfSource(speaker, target)?.id === form?.id;
          onChange({ ...node, target, fields: same ? node.fields : {} });
        }}
      />
      <Labelled group label={t('fill.fields')}>
        <NodeFields node={node} form={form} onChange={onChange} />
      </Labelled>
      <CardEditor
        title={node.title}
        facts={node.facts}
        onTitle={(title) => onChange({ ...node, title }, 'title')}
        onFacts={(facts, merge) => onChange({ ...node, facts }, merge)}
        speaker={speaker}
        sources={sources}
        buttons={[t('fill.button')]}
      />
    </>
  );
}

const partsOf = (value: ValueExpr): readonly TextPart[] => (value.kind === 'text' ? value.parts : none);
const none: readonly TextPart[] = [];

/** 评论: under which record, what, and who is called by @. */
export function CommentPanel({ node, onChange, speaker, sources }: StepProps<'comment'>) {
  const { t } = useTranslation('flows');
  return (
    <>
      <RecordChoice
        label={t('fill.commentTarget')}
        nodeId={node.id}
        value={node.target}
        speaker={speaker}
        onChange={(target) => onChange({ ...node, target })}
      />
      <Labelled group label={t('fill.comment')} hint={t('fill.commentHint')}>
        <TextEditor
          parts={partsOf(node.text)}
          sources={sources}
          forms={speaker.forms}
          label={t('fill.comment')}
          onChange={(parts) => onChange({ ...node, text: { kind: 'text', parts } }, 'text')}
        />
      </Labelled>
      <Labelled group label={t('outside.mention')} hint={t('fill.mentionHint')}>
        <PeopleEditor
          people={node.mention}
          label={t('outside.mention')}
          sources={sources}
          forms={speaker.forms}
          onChange={(mention) => onChange({ ...node, mention })}
        />
      </Labelled>
    </>
  );
}

import type { ValueExpr } from '@lianke/shared/flows/values';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { Labelled } from '../../shared/designer/labelled.js';
import { CardEditor } from './card-editor.js';
import { PeopleEditor } from './people-editor.js';
import { RecordChoice, type StepProps } from './step-parts.js';
import { TextEditor } from './text-editor.js';
import type { TextPart } from './text-parts.js';
import { useSecretNames } from './use-secrets.js';

const partsOf = (value: ValueExpr | undefined): readonly TextPart[] => {
  if (value?.kind === 'text') return value.parts;
  if (value?.kind === 'literal' && typeof value.value === 'string') return [{ text: value.value }];
  return value?.kind === 'ref' && value.ref.path !== '' ? [{ ref: value.ref }] : none;
};
const none: readonly TextPart[] = [];

/** 发邮件: to whom, and the letter. */
export function EmailPanel({ node, onChange, speaker, sources }: StepProps<'email'>) {
  const { t } = useTranslation('flows');
  const editor = (label: string, value: ValueExpr | undefined, set: (parts: TextPart[]) => void, lines = false) => (
    <TextEditor
      parts={partsOf(value)}
      sources={sources}
      forms={speaker.forms}
      label={label}
      lines={lines}
      onChange={set}
    />
  );
  return (
    <>
      <Labelled group label={t('outside.mailTo')} hint={t('outside.mailToHint')}>
        <PeopleEditor
          people={node.to}
          label={t('outside.mailTo')}
          sources={sources}
          forms={speaker.forms}
          onChange={(to) => onChange({ ...node, to })}
        />
      </Labelled>
      <Labelled group label={t('outside.addresses')} hint={t('outside.addressesHint')}>
        {editor(t('outside.addresses'), node.addresses, (parts) => {
          const { addresses: _, ...rest } = node;
          onChange(parts.length > 0 ? { ...rest, addresses: { kind: 'text', parts } } : rest, 'addresses');
        })}
      </Labelled>
      <Labelled group label={t('outside.subject')}>
        {editor(t('outside.subject'), node.subject, (parts) =>
          onChange({ ...node, subject: { kind: 'text', parts } }, 'subject'),
        )}
      </Labelled>
      <Labelled group label={t('outside.letter')}>
        {editor(
          t('outside.letter'),
          node.text,
          (parts) => onChange({ ...node, text: { kind: 'text', parts } }, 'text'),
          true,
        )}
      </Labelled>
    </>
  );
}

/** 群消息: which group, what it says, who is called. */
export function GroupMessagePanel({ node, onChange, speaker, sources }: StepProps<'groupMessage'>) {
  const { t } = useTranslation('flows');
  const robots = useSecretNames('robot');
  return (
    <>
      <Labelled label={t('outside.robot')} hint={<Link to="/admin/secrets">{t('outside.robotHint')}</Link>}>
        <Select<string>
          aria-label={t('outside.robot')}
          style={{ width: '100%' }}
          placeholder={t('outside.robotChoose')}
          value={node.robot || null}
          status={robots.includes(node.robot) ? '' : 'error'}
          onChange={(robot) => onChange({ ...node, robot })}
          options={robots.map((name) => ({ value: name, label: name }))}
          notFoundContent={t('outside.noRobots')}
        />
      </Labelled>
      <CardEditor
        title={node.title}
        facts={node.facts}
        onTitle={(title) => onChange({ ...node, title }, 'title')}
        onFacts={(facts, merge) => onChange({ ...node, facts }, merge)}
        speaker={speaker}
        sources={sources}
        buttons={node.record ? [t('outside.openRecord')] : []}
      />
      <Labelled group label={t('outside.mention')} hint={t('outside.mentionHint')}>
        <PeopleEditor
          people={node.mention}
          label={t('outside.mention')}
          sources={sources}
          forms={speaker.forms}
          onChange={(mention) => onChange({ ...node, mention })}
        />
      </Labelled>
      {node.record && (
        <RecordChoice
          label={t('panel.opens')}
          nodeId={node.id}
          value={node.record}
          speaker={speaker}
          onChange={(record) => onChange({ ...node, record })}
        />
      )}
    </>
  );
}

import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { CardEditor } from '../panel/card-editor.js';
import { PeopleEditor } from '../panel/people-editor.js';
import type { StepProps } from '../panel/step-parts.js';
import './words.js';

/** 抄送: who gets a copy, and what its card says. */
export function CcPanel({ node, onChange, speaker, sources }: StepProps<'cc'>) {
  const { t } = useTranslation('flows');
  const { t: a } = useTranslation('approvals');
  return (
    <>
      <Labelled group label={a('copyTo')}>
        <PeopleEditor
          people={node.to}
          label={a('copyTo')}
          sources={sources}
          forms={speaker.forms}
          onChange={(to) => onChange({ ...node, to })}
        />
      </Labelled>
      <CardEditor
        title={node.title}
        facts={node.facts}
        onTitle={(title) => onChange({ ...node, title }, 'title')}
        onFacts={(facts, merge) => onChange({ ...node, facts }, merge)}
        speaker={speaker}
        sources={sources}
        buttons={[t('panel.buttonOpen')]}
      />
    </>
  );
}

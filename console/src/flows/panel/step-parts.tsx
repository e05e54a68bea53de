import type { FlowNode } from '@lianke/shared/flows/definition';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { certainBefore, nodeOf, triggerId } from '../model/graph.js';
import { madeFormId, type Source } from '../model/sources.js';
import { formOfSource, nodeName, type Speaker } from '../model/words.js';
import { AssignmentTable } from './assignment-table.js';

export interface StepProps<Type extends FlowNode['type']> {
  node: Extract<FlowNode, { type: Type }>;
  onChange: (node: FlowNode, merge?: string) => void;
  speaker: Speaker;
  sources: readonly Source[];
}

/** 字段赋值 of a step that writes; nothing until its form is known. */
export function Assignments({
  node,
  form,
  onChange,
  speaker,
  sources,
}: StepProps<'createRecord' | 'updateRecord' | 'upsertRecord'> & { form: FormView | undefined }) {
  const { t } = useTranslation('flows');
  if (!form) return null;
  return (
    <Labelled group label={t('panel.assignments')}>
      <AssignmentTable
        form={form}
        assignments={node.assignments}
        onChange={(assignments, merge) => onChange({ ...node, assignments }, merge)}
        sources={sources}
        forms={speaker.forms}
        creates={node.type !== 'updateRecord'}
      />
    </Labelled>
  );
}

/** Which record a step changes, deletes or opens: the trigger's, or one made or found before. */
export function RecordChoice({
  label,
  nodeId,
  value,
  speaker,
  onChange,
}: {
  label: string;
  nodeId: string;
  value: string;
  speaker: Speaker;
  onChange: (id: string) => void;
}) {
  const { t } = useTranslation('flows');
  const made = certainBefore(speaker.def, nodeId).filter((id) => madeFormId(speaker.def, id) !== undefined);
  const wordsOf = (id: string) => {
    const form = formOfSource(speaker, id)?.name ?? t('say.gone');
    return id === triggerId
      ? t('panel.updateTrigger', { form })
      : t(nodeOf(speaker.def, id)?.type === 'createRecord' ? 'panel.updateMade' : 'panel.updateFound', {
          name: nodeName(speaker, id),
          form,
        });
  };
  return (
    <Labelled label={label}>
      <Select<string>
        aria-label={label}
        style={{ width: '100%' }}
        value={value}
        onChange={onChange}
        options={[triggerId, ...made].map((id) => ({ value: id, label: wordsOf(id), title: wordsOf(id) }))}
      />
    </Labelled>
  );
}

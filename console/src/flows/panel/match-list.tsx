import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { FilterOp } from '@lianke/shared/filter/ast';
import type { MatchCondition } from '@lianke/shared/flows/nodes/records';
import { Button, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { takesNoValue } from '../../shared/filter-model.js';
import { guessValue } from '../model/new-node.js';
import { fieldOf } from '../model/sources.js';
import { formOfSource } from '../model/words.js';
import type { StepProps } from './step-parts.js';
import { ValueEditor } from './value-editor.js';

/** Operators whose value is one value, which is what a flow has at hand. */
const singleOps: readonly FilterOp[] = [
  ...(['eq', 'ne', 'contains', 'startsWith', 'hasAny', 'hasAll'] as const),
  ...(['gt', 'gte', 'lt', 'lte', 'empty', 'notEmpty'] as const),
];
const mostConditions = 20;

/** Conditions of a step that looks for records; their values may come from the run. */
export function MatchList({
  node,
  form,
  onChange,
  speaker,
  sources,
}: StepProps<'findRecords' | 'aggregate'> & { form: FormView }) {
  const { t: tf } = useTranslation('filter');
  const start = formOfSource(speaker, 'trigger');
  const set = (index: number, next: MatchCondition, merge?: string) =>
    onChange({ ...node, match: node.match.map((item, at) => (at === index ? next : item)) }, merge);
  const opsOf = (name: string) => {
    const field = fieldOf(form, name);
    return field ? singleOps.filter((op) => behaviourOf(field).operators.includes(op)) : [];
  };
  const conditionOn = (name: string): MatchCondition | undefined => {
    const field = fieldOf(form, name);
    const op = opsOf(name)[0];
    if (!field || !op) return undefined;
    return { field: field.id, op, ...(takesNoValue(op) ? {} : { value: guessValue(field, start) }) };
  };
  const searchable = (form?.fields ?? []).filter((field) => opsOf(field.id).length > 0);
  return (
    <>
      {node.match.length > 1 && (
        <Radio.Group
          style={{ marginBottom: 8 }}
          value={node.any}
          onChange={(event) => onChange({ ...node, any: event.target.value as boolean })}
          options={[
            { value: false, label: tf('joinAnd') },
            { value: true, label: tf('joinOr') },
          ]}
        />
      )}
      {node.match.map((item, index) => {
        const field = fieldOf(form, item.field);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity beside their place
          <div className="panel-box" key={index}>
            <div className="panel-row">
              <Select<string>
                className="grow"
                aria-label={tf('field')}
                value={field?.id ?? null}
                status={field ? '' : 'error'}
                showSearch={{ optionFilterProp: 'label' }}
                onChange={(id) => {
                  const next = conditionOn(id);
                  if (next) set(index, next);
                }}
                options={searchable.map((other) => ({ value: other.id as string, label: other.name }))}
              />
              <Select<FilterOp>
                aria-label={tf('operator')}
                value={item.op}
                popupMatchSelectWidth={false}
                onChange={(op) => {
                  const { value: _, ...rest } = item;
                  const value = item.value ?? (field && guessValue(field, start));
                  set(index, takesNoValue(op) || !value ? { ...rest, op } : { ...rest, op, value });
                }}
                options={opsOf(item.field).map((op) => ({ value: op, label: tf(`op.${op}`) }))}
              />
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={tf('removeCondition')}
                onClick={() => onChange({ ...node, match: node.match.filter((_, at) => at !== index) })}
              />
            </div>
            {field && item.value && (
              <ValueEditor
                field={field}
                value={item.value}
                onChange={(value) => set(index, { ...item, value }, `match:${index}`)}
                sources={sources}
                forms={speaker.forms}
              />
            )}
          </div>
        );
      })}
      {node.match.length < mostConditions && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => {
            const next = searchable[0] && conditionOn(searchable[0].id);
            if (next) onChange({ ...node, match: [...node.match, next] });
          }}
        >
          {tf('addCondition')}
        </Button>
      )}
    </>
  );
}

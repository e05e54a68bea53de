import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FilterOp } from '@lianke/shared/filter/ast';
import type { MatchCondition } from '@lianke/shared/flows/nodes/records';
import type { FormId } from '@lianke/shared/ids';
import { Button, Input, InputNumber, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { takesNoValue } from '../../shared/filter-model.js';
import { certainBefore, nodeOf } from '../model/graph.js';
import { guessValue } from '../model/new-node.js';
import { fieldOf } from '../model/sources.js';
import { formOfSource, nodeName } from '../model/words.js';
import { RecordChoice, type StepProps } from './step-parts.js';
import { ValueEditor } from './value-editor.js';

/** Operators whose value is one value, which is what a flow has at hand. */
const singleOps: readonly FilterOp[] = [
  ...(['eq', 'ne', 'contains', 'startsWith', 'hasAny', 'hasAll'] as const),
  ...(['gt', 'gte', 'lt', 'lte', 'empty', 'notEmpty'] as const),
];
const mostConditions = 20;
const mostWays = 10;

/** 删除数据: which record. */
export function DeletePanel({ node, onChange, speaker }: StepProps<'deleteRecord'>) {
  const { t } = useTranslation('flows');
  return (
    <>
      <RecordChoice
        label={t('panel.deleteTarget')}
        nodeId={node.id}
        value={node.target}
        speaker={speaker}
        onChange={(target) => onChange({ ...node, target })}
      />
      <div className="designer-hint">{t('panel.deleteHint')}</div>
    </>
  );
}

/** 查找数据: where, by which conditions, in which order and how many. */
export function FindPanel({ node, onChange, speaker, sources }: StepProps<'findRecords'>) {
  const { t } = useTranslation('flows');
  const { t: tf } = useTranslation('filter');
  const form = speaker.forms.find((item) => item.id === node.formId);
  const start = formOfSource(speaker, 'trigger');
  const set = (index: number, next: MatchCondition, merge?: string) =>
    onChange({ ...node, match: node.match.map((item, at) => (at === index ? next : item)) }, merge);
  const opsOf = (name: string) => {
    const field = fieldOf(form, name);
    return field ? singleOps.filter((op) => fieldTypes[field.type].operators.includes(op)) : [];
  };
  const conditionOn = (name: string): MatchCondition | undefined => {
    const field = fieldOf(form, name);
    const op = opsOf(name)[0];
    if (!field || !op) return undefined;
    return { field: field.id, op, ...(takesNoValue(op) ? {} : { value: guessValue(field, start) }) };
  };
  const searchable = (form?.fields ?? []).filter((field) => opsOf(field.id).length > 0);
  const sort = node.sort[0];
  return (
    <>
      <Labelled label={t('panel.findForm')}>
        <Select<string>
          aria-label={t('panel.findForm')}
          style={{ width: '100%' }}
          placeholder={t('panel.findFormPlaceholder')}
          value={node.formId || null}
          status={form ? '' : 'error'}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(id) => id !== node.formId && onChange({ ...node, formId: id as FormId, match: [], sort: [] })}
          options={speaker.forms.map((item) => ({ value: item.id as string, label: item.name, title: item.name }))}
        />
      </Labelled>
      {form && (
        <>
          <Labelled group label={t('panel.findMatch')}>
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
          </Labelled>
          <Labelled group label={t('panel.findSort')}>
            <div className="panel-row">
              <Select<string>
                className="grow"
                aria-label={t('panel.findSort')}
                allowClear
                placeholder={t('panel.findNewest')}
                value={fieldOf(form, sort?.field ?? '')?.id ?? null}
                onChange={(field?: string) =>
                  onChange({ ...node, sort: field ? [{ field, dir: sort?.dir ?? 'asc' }] : [] })
                }
                options={form.fields
                  .filter((field) => fieldTypes[field.type].sortable)
                  .map((field) => ({ value: field.id as string, label: field.name }))}
              />
              {sort && (
                <Select<'asc' | 'desc'>
                  aria-label={t('panel.findDir')}
                  value={sort.dir}
                  onChange={(dir) => onChange({ ...node, sort: [{ ...sort, dir }] })}
                  options={[
                    { value: 'asc', label: t('panel.asc') },
                    { value: 'desc', label: t('panel.desc') },
                  ]}
                />
              )}
            </div>
          </Labelled>
          <Labelled label={t('panel.findLimit')} hint={t('panel.findLimitHint')}>
            <InputNumber<number>
              aria-label={t('panel.findLimit')}
              min={1}
              max={5000}
              precision={0}
              value={node.limit}
              onChange={(limit) => onChange({ ...node, limit: limit ?? 1 }, 'limit')}
            />
          </Labelled>
        </>
      )}
    </>
  );
}

/** 并行分支: the ways' names, and when the flow goes on. */
export function ParallelPanel({ node, onChange }: StepProps<'parallel'>) {
  const { t } = useTranslation('flows');
  const add = () => {
    let code = 'a'.charCodeAt(0);
    while (node.ways.some((way) => way.id === String.fromCharCode(code))) code++;
    onChange({ ...node, ways: [...node.ways, { id: String.fromCharCode(code), name: '' }] });
  };
  return (
    <>
      <Labelled group label={t('panel.ways')}>
        {node.ways.map((way, index) => (
          <div className="panel-row" style={{ marginBottom: 8 }} key={way.id}>
            <Input
              className="grow"
              aria-label={t('panel.wayName')}
              placeholder={t('port.way', { n: index + 1 })}
              value={way.name}
              maxLength={40}
              onChange={(event) =>
                onChange(
                  {
                    ...node,
                    ways: node.ways.map((other) => (other === way ? { ...way, name: event.target.value } : other)),
                  },
                  `way:${way.id}`,
                )
              }
            />
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('panel.removeWay')}
              disabled={node.ways.length === 2}
              onClick={() => onChange({ ...node, ways: node.ways.filter((other) => other !== way) })}
            />
          </div>
        ))}
        {node.ways.length < mostWays && (
          <Button type="link" size="small" icon={<PlusOutlined />} onClick={add}>
            {t('panel.addWay')}
          </Button>
        )}
      </Labelled>
      <Labelled group label={t('panel.join')}>
        <Radio.Group
          vertical
          value={node.join}
          onChange={(event) => onChange({ ...node, join: event.target.value as 'all' | 'any' })}
          options={[
            { value: 'all', label: t('panel.joinAll') },
            { value: 'any', label: t('panel.joinAny') },
          ]}
        />
      </Labelled>
    </>
  );
}

/** 循环: over what an earlier 查找数据 found. */
export function LoopPanel({ node, onChange, speaker }: StepProps<'loop'>) {
  const { t } = useTranslation('flows');
  const found = certainBefore(speaker.def, node.id).filter((id) => nodeOf(speaker.def, id)?.type === 'findRecords');
  return (
    <Labelled label={t('panel.loopOver')} hint={t('panel.loopHint')}>
      <Select<string>
        aria-label={t('panel.loopOver')}
        style={{ width: '100%' }}
        placeholder={t('panel.loopPlaceholder')}
        value={node.over || null}
        status={found.includes(node.over) ? '' : 'error'}
        notFoundContent={t('panel.loopNothing')}
        onChange={(over) => onChange({ ...node, over })}
        options={found.map((id) => ({
          value: id,
          label: t('panel.updateFound', { name: nodeName(speaker, id), form: formOfSource(speaker, id)?.name ?? '' }),
        }))}
      />
    </Labelled>
  );
}

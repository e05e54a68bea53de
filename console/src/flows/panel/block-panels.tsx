import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { mostFound } from '@lianke/shared/flows/nodes/records';
import type { FormId } from '@lianke/shared/ids';
import { Button, Input, InputNumber, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import { conditionForm } from '../model/conditions.js';
import { certainBefore, nodeOf } from '../model/graph.js';
import { fieldOf } from '../model/sources.js';
import { formOfSource, nodeName } from '../model/words.js';
import { FilterField } from './filter-field.js';
import { MatchList } from './match-list.js';
import { RecordChoice, type StepProps } from './step-parts.js';

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
  const form = speaker.forms.find((item) => item.id === node.formId);
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
            <MatchList node={node} form={form} onChange={onChange} speaker={speaker} sources={sources} />
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
                  .filter((field) => behaviourOf(field).sortable)
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
              max={mostFound}
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

type Way = StepProps<'parallel'>['node']['ways'][number];

/** 并行分支: the ways' names, which of them are gone only under a condition, and when the flow goes on. */
export function ParallelPanel({ node, onChange, speaker }: StepProps<'parallel'>) {
  const { t } = useTranslation('flows');
  const form = conditionForm(speaker, node.id);
  const set = (next: Way, merge?: string) =>
    onChange({ ...node, ways: node.ways.map((other) => (other.id === next.id ? next : other)) }, merge);
  const add = () => {
    let code = 'a'.charCodeAt(0);
    while (node.ways.some((way) => way.id === String.fromCharCode(code))) code++;
    onChange({ ...node, ways: [...node.ways, { id: String.fromCharCode(code), name: '' }] });
  };
  return (
    <>
      <Labelled group label={t('panel.ways')} hint={t('more.waysHint')}>
        {node.ways.map((way, index) => (
          <div className="panel-box" key={way.id}>
            <div className="panel-row">
              <Input
                className="grow"
                aria-label={t('panel.wayName')}
                placeholder={t('port.way', { n: index + 1 })}
                value={way.name}
                maxLength={40}
                onChange={(event) => set({ ...way, name: event.target.value }, `way:${way.id}`)}
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
            {form && (
              <FilterField
                form={form}
                value={way.when}
                emptyText={t('more.wayAlways')}
                onChange={(when) => {
                  const { when: _, ...rest } = way;
                  set(when ? { ...rest, when } : rest, `when:${way.id}`);
                }}
              />
            )}
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

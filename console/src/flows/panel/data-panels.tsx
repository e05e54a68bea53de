import { aggregateFns, assignMethods } from '@lianke/shared/flows/nodes/data';
import type { FlowId, FormId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Checkbox, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { triggerId } from '../model/graph.js';
import { firstAssignments } from '../model/new-node.js';
import { fieldOf } from '../model/sources.js';
import { assignable, emptyValue } from '../model/values.js';
import { formOfSource } from '../model/words.js';
import { MatchList } from './match-list.js';
import { PeopleEditor } from './people-editor.js';
import { Assignments, RecordChoice, type StepProps } from './step-parts.js';
import { TerritoryTable } from './territory-table.js';
import { TextEditor } from './text-editor.js';

function FormChoice({
  label,
  value,
  speaker,
  onChange,
}: {
  label: string;
  value: string;
  speaker: StepProps<'aggregate'>['speaker'];
  onChange: (id: FormId) => void;
}) {
  const { t } = useTranslation('flows');
  return (
    <Labelled label={label}>
      <Select<string>
        aria-label={label}
        style={{ width: '100%' }}
        placeholder={t('panel.findFormPlaceholder')}
        value={value || null}
        status={speaker.forms.some((form) => form.id === value) ? '' : 'error'}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(id) => id !== value && onChange(id as FormId)}
        options={speaker.forms.map((item) => ({ value: item.id as string, label: item.name, title: item.name }))}
      />
    </Labelled>
  );
}

const keyTypes = [
  'text',
  'phone',
  'email',
  'autonumber',
  'number',
  'relation',
  'barcode',
  'creditCode',
  'idNumber',
  'url',
];

/** 新增或修改: where, by which field it is known, and its 字段赋值. */
export function UpsertPanel({ node, onChange, speaker, sources }: StepProps<'upsertRecord'>) {
  const { t } = useTranslation('flows');
  const form = speaker.forms.find((item) => item.id === node.formId);
  const start = formOfSource(speaker, triggerId);
  return (
    <>
      <FormChoice
        label={t('panel.target')}
        value={node.formId}
        speaker={speaker}
        onChange={(formId) => {
          const target = speaker.forms.find((item) => item.id === formId);
          onChange({ ...node, formId, matchOn: '', assignments: target ? firstAssignments(target, start) : [] });
        }}
      />
      {form && (
        <Labelled label={t('more.matchOn')} hint={t('more.matchOnHint')}>
          <Select<string>
            aria-label={t('more.matchOn')}
            style={{ width: '100%' }}
            value={fieldOf(form, node.matchOn)?.id ?? null}
            status={fieldOf(form, node.matchOn) ? '' : 'error'}
            onChange={(matchOn) => onChange({ ...node, matchOn })}
            options={form.fields
              .filter((field) => keyTypes.includes(field.type) && assignable(field))
              .map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
          />
        </Labelled>
      )}
      <Assignments node={node} form={form} onChange={onChange} speaker={speaker} sources={sources} />
    </>
  );
}

const numeric = ['number', 'money', 'percent', 'rating', 'slider', 'formula', 'rollup'];
const ordered = [...numeric, 'date', 'datetime'];

/** 统计: of which records, which number. */
export function AggregatePanel({ node, onChange, speaker, sources }: StepProps<'aggregate'>) {
  const { t } = useTranslation('flows');
  const form = speaker.forms.find((item) => item.id === node.formId);
  const types = node.fn === 'min' || node.fn === 'max' ? ordered : numeric;
  return (
    <>
      <FormChoice
        label={t('more.aggregateForm')}
        value={node.formId}
        speaker={speaker}
        onChange={(formId) => {
          const { field: _, ...rest } = node;
          onChange({ ...rest, formId, match: [] });
        }}
      />
      {form && (
        <>
          <Labelled label={t('more.fn')}>
            <Select
              aria-label={t('more.fn')}
              style={{ width: '100%' }}
              value={node.fn}
              onChange={(fn) => {
                const { field: _, ...rest } = node;
                onChange({ ...rest, fn });
              }}
              options={aggregateFns.map((fn) => ({ value: fn, label: t(`more.fnOf.${fn}`) }))}
            />
          </Labelled>
          {node.fn !== 'count' && (
            <Labelled label={t('more.fnField')}>
              <Select<string>
                aria-label={t('more.fnField')}
                style={{ width: '100%' }}
                value={fieldOf(form, node.field ?? '')?.id ?? null}
                status={fieldOf(form, node.field ?? '') ? '' : 'error'}
                onChange={(field) => onChange({ ...node, field })}
                options={form.fields
                  .filter((field) => types.includes(field.type))
                  .map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
              />
            </Labelled>
          )}
          <Labelled group label={t('panel.findMatch')}>
            <MatchList node={node} form={form} onChange={onChange} speaker={speaker} sources={sources} />
          </Labelled>
        </>
      )}
    </>
  );
}

/** 分配: which record, among whom, and how. */
export function AssignPanel({ node, onChange, speaker, sources }: StepProps<'assign'>) {
  const { t } = useTranslation('flows');
  const form = formOfSource(speaker, node.target);
  const named = node.people.flatMap((person) => (person.kind === 'member' ? person.ids : []));
  return (
    <>
      <RecordChoice
        label={t('more.assignTarget')}
        nodeId={node.id}
        value={node.target}
        speaker={speaker}
        onChange={(target) => onChange({ ...node, target, field: 'owner' })}
      />
      {form && (
        <Labelled label={t('more.assignField')}>
          <Select<string>
            aria-label={t('more.assignField')}
            style={{ width: '100%' }}
            value={fieldOf(form, node.field)?.id ?? null}
            status={fieldOf(form, node.field) ? '' : 'error'}
            onChange={(field) => onChange({ ...node, field })}
            options={form.fields
              .filter((field) => field.type === 'member' && assignable(field))
              .map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
          />
        </Labelled>
      )}
      <Labelled label={t('more.method')} hint={t(`more.methodHint.${node.method}`)}>
        <Select
          aria-label={t('more.method')}
          style={{ width: '100%' }}
          value={node.method}
          onChange={(method) => onChange({ ...node, method })}
          options={assignMethods.map((method) => ({ value: method, label: t(`more.methodOf.${method}`) }))}
        />
      </Labelled>
      {form && node.method === 'territory' && <TerritoryTable node={node} form={form} onChange={onChange} />}
      <Labelled
        group
        label={t(node.method === 'territory' ? 'more.territoryRest' : 'more.assignPeople')}
        hint={t(node.method === 'territory' ? 'more.territoryRestHint' : 'more.assignPeopleHint')}
      >
        <PeopleEditor
          people={node.people}
          label={t('more.assignPeople')}
          sources={sources}
          forms={speaker.forms}
          onChange={(people) => onChange({ ...node, people })}
        />
      </Labelled>
      {node.method === 'weight' && (
        <Labelled group label={t('more.weights')}>
          {named.length === 0 && <div className="designer-hint">{t('more.weightsNone')}</div>}
          {named.map((id) => (
            <div className="panel-row" key={id} style={{ marginBottom: 6 }}>
              <span className="grow ellipsis">{speaker.nameOfMember(id) ?? t('say.gone')}</span>
              <InputNumber<number>
                aria-label={`${t('more.weights')} ${speaker.nameOfMember(id) ?? ''}`}
                min={1}
                max={100}
                precision={0}
                value={node.weights[id] ?? 1}
                onChange={(n) => onChange({ ...node, weights: { ...node.weights, [id]: n ?? 1 } }, `weight:${id}`)}
              />
            </div>
          ))}
        </Labelled>
      )}
    </>
  );
}

/** 调用子流程: which one, with which record and which values. */
export function SubflowPanel({ node, onChange, speaker, sources }: StepProps<'subflow'>) {
  const { t } = useTranslation('flows');
  const record = formOfSource(speaker, node.record);
  const flows = useQuery({
    queryKey: [...keys.flows(), 'called', record?.id ?? ''],
    enabled: record !== undefined,
    queryFn: async () => (await api('flows.list', { query: { formId: record?.id as FormId } })).items,
  });
  const called = (flows.data ?? []).filter((flow) => flow.publishedVersion !== null && flow.trigger === 'called');
  const chosen = useQuery({
    queryKey: keys.flow(node.flowId),
    enabled: called.some((flow) => flow.id === node.flowId),
    queryFn: () => api('flows.get', { params: { id: node.flowId as FlowId } }),
  });
  const trigger = chosen.data?.definition.trigger;
  const inputs = trigger?.type === 'called' ? trigger.inputs : [];
  return (
    <>
      <RecordChoice
        label={t('more.subflowRecord')}
        nodeId={node.id}
        value={node.record}
        speaker={speaker}
        onChange={(next) => onChange({ ...node, record: next, flowId: '' as FlowId, inputs: [] })}
      />
      <Labelled label={t('more.subflow')} hint={called.length === 0 ? t('more.subflowNone') : undefined}>
        <Select<string>
          aria-label={t('more.subflow')}
          style={{ width: '100%' }}
          loading={flows.isFetching}
          value={node.flowId || null}
          status={node.flowId ? '' : 'error'}
          onChange={(flowId) => onChange({ ...node, flowId: flowId as FlowId, inputs: [] })}
          options={called.map((flow) => ({ value: flow.id as string, label: flow.name, title: flow.sentence }))}
        />
      </Labelled>
      {inputs.map((input) => {
        const given = node.inputs.find((item) => item.key === input.key)?.value ?? emptyValue('text');
        const parts = given.kind === 'text' ? given.parts : given.kind === 'ref' ? [{ ref: given.ref }] : [];
        return (
          <Labelled group key={input.key} label={input.label}>
            <TextEditor
              parts={parts}
              sources={sources}
              forms={speaker.forms}
              label={input.label}
              onChange={(next) => {
                // One reference alone keeps its value; among words it is read as text.
                const [only, second] = next;
                const value =
                  only && 'ref' in only && !second
                    ? ({ kind: 'ref', ref: only.ref } as const)
                    : ({ kind: 'text', parts: next } as const);
                const others = node.inputs.filter((item) => item.key !== input.key);
                onChange({ ...node, inputs: [...others, { key: input.key, value }] }, `in:${input.key}`);
              }}
            />
          </Labelled>
        );
      })}
      <Checkbox checked={node.wait} onChange={(event) => onChange({ ...node, wait: event.target.checked })}>
        {t('more.subflowWait')}
      </Checkbox>
    </>
  );
}

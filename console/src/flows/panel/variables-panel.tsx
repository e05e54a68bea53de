import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { fieldTypeOfVariable } from '@lianke/shared/flows/answers';
import {
  type TransformItem,
  type VariableItem,
  type VariableType,
  variableTypes,
} from '@lianke/shared/flows/nodes/variables';
import type { ValueExpr } from '@lianke/shared/flows/values';
import { Button, Input, Segmented, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadField } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { emptyValue, kindsFor } from '../model/values.js';
import { FlowFormula } from './flow-formula.js';
import type { StepProps } from './step-parts.js';
import { HowEditor } from './transform-how.js';
import { ValueEditor } from './value-editor.js';

const most = 30;

/** A variable as a field, for the editors that know fields. */
const fieldFor = (item: { key: string; name: string; type: VariableType }): ReadField =>
  ({
    ...{ id: item.key as ReadField['id'], key: item.key, name: item.name, type: fieldTypeOfVariable(item.type) },
    ...{ config: {}, rules: {}, writable: true, system: false },
  }) as ReadField;

function freshKey(items: readonly { key: string }[]): string {
  for (let n = items.length + 1; ; n++) if (!items.some((item) => item.key === `v${n}`)) return `v${n}`;
}

/** Name, type and the bin of a variable; below it how it gets its value. */
function VariableBox({
  item,
  only,
  onName,
  onType,
  onRemove,
  children,
}: {
  item: { key: string; name: string; type: VariableType };
  only: boolean;
  onName: (name: string) => void;
  onType: (type: VariableType) => void;
  onRemove: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation('flows');
  return (
    <div className="panel-box">
      <div className="panel-row">
        <Input
          className="grow"
          aria-label={t('step.variableName')}
          placeholder={t('step.variableName')}
          value={item.name}
          maxLength={20}
          status={item.name.trim() === '' ? 'error' : ''}
          onChange={(event) => onName(event.target.value)}
        />
        <Select<VariableType>
          aria-label={`${item.name} ${t('step.variableType')}`}
          style={{ width: 104, flex: 'none' }}
          value={item.type}
          onChange={onType}
          options={variableTypes.map((type) => ({ value: type, label: t(`step.typeOf.${type}`) }))}
        />
        <Button
          type="text"
          size="small"
          icon={<DeleteOutlined />}
          aria-label={t('step.removeVariable', { name: item.name })}
          disabled={only}
          onClick={onRemove}
        />
      </div>
      {children}
    </div>
  );
}

/** 设置变量: each a name, a type, and a formula or a value from somewhere. */
export function VariablesPanel({ node, onChange, speaker, sources }: StepProps<'setVariables'>) {
  const { t } = useTranslation('flows');
  const { items } = node;
  const set = (index: number, next: VariableItem, merge?: string) =>
    onChange({ ...node, items: items.map((item, at) => (at === index ? next : item)) }, merge && `${index}:${merge}`);
  return (
    <Labelled group label={t('step.variables')} hint={t('step.formulaHint')}>
      {items.map((item, index) => (
        <VariableBox
          key={item.key}
          item={item}
          only={items.length === 1}
          onName={(name) => set(index, { ...item, name }, 'name')}
          onType={(type) => {
            const fits = item.value.kind === 'formula' || kindsFor(fieldTypeOfVariable(type)).includes(item.value.kind);
            const value = fits ? item.value : emptyValue(kindsFor(fieldTypeOfVariable(type))[0] ?? 'ref');
            set(index, { ...item, type, value });
          }}
          onRemove={() => onChange({ ...node, items: items.filter((_, at) => at !== index) })}
        >
          <Segmented<'formula' | 'value'>
            size="small"
            aria-label={`${item.name} ${t('panel.kind')}`}
            value={item.value.kind === 'formula' ? 'formula' : 'value'}
            onChange={(way) =>
              set(index, {
                ...item,
                value:
                  way === 'formula'
                    ? { kind: 'formula', formula: '' }
                    : emptyValue(kindsFor(fieldTypeOfVariable(item.type))[0] ?? 'ref'),
              })
            }
            options={[
              { value: 'formula', label: t('step.wayFormula') },
              { value: 'value', label: t('step.wayValue') },
            ]}
          />
          {item.value.kind === 'formula' ? (
            <FlowFormula
              formula={item.value.formula}
              label={`${item.name} ${t('step.wayFormula')}`}
              speaker={speaker}
              sources={sources}
              onChange={(formula) => set(index, { ...item, value: { kind: 'formula', formula } }, 'formula')}
            />
          ) : (
            <ValueEditor
              field={fieldFor(item)}
              value={item.value}
              sources={sources}
              forms={speaker.forms}
              onChange={(value) => set(index, { ...item, value }, 'value')}
            />
          )}
        </VariableBox>
      ))}
      {items.length < most && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          onClick={() =>
            onChange({
              ...node,
              items: [
                ...items,
                { key: freshKey(items), name: '', type: 'number', value: { kind: 'formula', formula: '' } },
              ],
            })
          }
        >
          {t('step.addVariable')}
        </Button>
      )}
    </Labelled>
  );
}

const anything = (name: string): ReadField => fieldFor({ key: 'any', name, type: 'text' });

/** 数据转换: where each value comes from, and what is done with it. */
export function TransformPanel({ node, onChange, speaker, sources }: StepProps<'transform'>) {
  const { t } = useTranslation('flows');
  const { items } = node;
  const set = (index: number, next: TransformItem, merge?: string) =>
    onChange({ ...node, items: items.map((item, at) => (at === index ? next : item)) }, merge && `${index}:${merge}`);
  const first: ValueExpr = items[0]?.from ?? emptyValue('ref');
  return (
    <Labelled group label={t('step.variables')}>
      {items.map((item, index) => (
        <VariableBox
          key={item.key}
          item={item}
          only={items.length === 1}
          onName={(name) => set(index, { ...item, name }, 'name')}
          onType={(type) => set(index, { ...item, type })}
          onRemove={() => onChange({ ...node, items: items.filter((_, at) => at !== index) })}
        >
          <div className="muted">{t('step.from')}</div>
          <ValueEditor
            field={anything(`${item.name} ${t('step.from')}`)}
            value={item.from}
            sources={sources}
            forms={speaker.forms}
            onChange={(from) => set(index, { ...item, from }, 'from')}
          />
          <HowEditor
            name={item.name}
            how={item.how}
            onChange={(how, merge) =>
              set(
                index,
                { ...item, how, type: how.op === 'split' && how.part === undefined ? 'list' : item.type },
                merge,
              )
            }
          />
        </VariableBox>
      ))}
      {items.length < most && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          onClick={() =>
            onChange({
              ...node,
              items: [
                ...items,
                { key: freshKey(items), name: '', type: 'text', from: first, how: { op: 'json', path: '' } },
              ],
            })
          }
        >
          {t('step.addVariable')}
        </Button>
      )}
    </Labelled>
  );
}

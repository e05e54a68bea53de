import type { ValueExpr } from '@lianke/shared/flows/values';
import type { Json } from '@lianke/shared/json';
import { InputNumber, Select } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { FieldEditor } from '../../shared/field-editor.js';
import type { Source } from '../model/sources.js';
import { emptyValue, fits, kindsFor, type ValueKind } from '../model/values.js';
import { RefSelect } from './ref-select.js';
import { TextEditor } from './text-editor.js';

interface Props {
  /** The field that gets the value. */
  field: ReadField;
  value: ValueExpr;
  onChange: (value: ValueExpr) => void;
  sources: readonly Source[];
  forms: readonly FormView[];
}

/** The right-hand side of 字段赋值: first the way the value is found, then the value. */
export function ValueEditor({ field, value, onChange, sources, forms }: Props) {
  const { t } = useTranslation('flows');
  const kinds = kindsFor(field.type);
  const shown: ValueKind[] = kinds.includes(value.kind) ? kinds : [...kinds, value.kind];
  return (
    <div className="value-editor">
      <Select<ValueKind>
        size="small"
        variant="filled"
        aria-label={`${field.name} ${t('panel.kind')}`}
        value={value.kind}
        onChange={(kind) => onChange(emptyValue(kind))}
        options={shown.map((kind) => ({ value: kind, label: t(`panel.kinds.${kind}`) }))}
        popupMatchSelectWidth={false}
        className="value-kind"
      />
      <Content field={field} value={value} onChange={onChange} sources={sources} forms={forms} />
    </div>
  );
}

function Content({ field, value, onChange, sources, forms }: Props) {
  const { t } = useTranslation('flows');
  const accepts = useCallback((from: ReadField | undefined, form: FormView) => fits(field, from, form), [field]);
  switch (value.kind) {
    case 'literal':
      return (
        <FieldEditor
          field={field}
          value={value.value as Json}
          onChange={(next) => onChange({ kind: 'literal', value: next })}
          label={field.name}
        />
      );
    case 'ref':
      return (
        <RefSelect
          sources={sources}
          forms={forms}
          value={value.ref}
          accepts={accepts}
          label={field.name}
          onChange={(ref) => onChange({ kind: 'ref', ref })}
        />
      );
    case 'text':
      return (
        <TextEditor
          parts={value.parts}
          sources={sources}
          forms={forms}
          label={field.name}
          onChange={(parts) => onChange({ kind: 'text', parts })}
        />
      );
    case 'now':
      return <NowEditor value={value} onChange={onChange} name={field.name} daily={field.type === 'date'} />;
    case 'starter':
      return <div className="muted">{t('say.starter')}</div>;
  }
}

const fineUnits = ['minute', 'hour', 'day', 'week', 'month'] as const;
const dayUnits = ['day', 'week', 'month'] as const;

/** 「当前时间的 3 天后」. */
export function NowEditor({
  value,
  onChange,
  name,
  daily,
}: {
  value: Extract<ValueExpr, { kind: 'now' }>;
  onChange: (value: ValueExpr) => void;
  name: string;
  /** Only whole days mean anything. */
  daily: boolean;
}) {
  const { t } = useTranslation('flows');
  const units = daily ? dayUnits : fineUnits;
  const direction = value.offset < 0 ? 'before' : 'after';
  return (
    <div className="now-editor">
      <span>{t('panel.nowOf')}</span>
      <InputNumber<number>
        aria-label={`${name} ${t('panel.nowOffset')}`}
        min={0}
        max={36600}
        precision={0}
        value={Math.abs(value.offset)}
        onChange={(amount) => onChange({ ...value, offset: (direction === 'before' ? -1 : 1) * (amount ?? 0) })}
        style={{ width: 52 }}
        controls={false}
      />
      <Select
        aria-label={`${name} ${t('panel.unit')}`}
        value={value.unit}
        onChange={(unit) => onChange({ ...value, unit })}
        options={units.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
        popupMatchSelectWidth={false}
        style={{ minWidth: 62 }}
      />
      <Select<'before' | 'after'>
        aria-label={`${name} ${t('panel.nowDirection')}`}
        value={direction}
        onChange={(next) => onChange({ ...value, offset: (next === 'before' ? -1 : 1) * Math.abs(value.offset || 1) })}
        options={[
          { value: 'after', label: t('panel.after') },
          { value: 'before', label: t('panel.before') },
        ]}
        popupMatchSelectWidth={false}
        style={{ minWidth: 56 }}
      />
    </div>
  );
}

import type { Widget } from '@lianke/shared/dashboards/definition';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { nounOf } from '../widgets/widget-words.js';

type Measure = Extract<Widget, { measure: unknown }>['measure'];
const numericFns = ['sum', 'avg', 'min', 'max'] as const;

/** 统计数值: how many records, or a function over one of the form's number fields. */
export function MeasureField({
  form,
  value,
  onChange,
  labelId,
}: {
  form: FormView;
  value: Measure;
  onChange: (measure: Measure) => void;
  labelId: string;
}) {
  const { t } = useTranslation('dashboards');
  const keyOf = (measure: Measure) => {
    const field = form.fields.find((item) => item.id === measure.field || item.key === measure.field);
    return measure.field ? `${measure.fn}:${field?.id ?? measure.field}` : measure.fn;
  };
  const measures: { measure: Measure; label: string }[] = [
    { measure: { fn: 'count' }, label: t('designer.count', { noun: nounOf(form) }) },
  ];
  for (const field of form.fields) {
    const able = behaviourOf(field).aggregates;
    const fns = able.includes('sum') ? numericFns : [];
    for (const fn of fns) {
      const label = t('designer.fnOf', { field: field.name, fn: t(`designer.fns.${fn}`) });
      measures.push({ measure: { fn, field: field.id }, label });
    }
    if (!field.system && able.includes('countDistinct') && !able.includes('sum')) {
      const label = t('designer.fnOf', { field: field.name, fn: t('designer.fns.countDistinct') });
      measures.push({ measure: { fn: 'countDistinct', field: field.id }, label });
    }
  }
  const known = measures.some((item) => keyOf(item.measure) === keyOf(value));
  return (
    <Select<string>
      aria-labelledby={labelId}
      style={{ width: '100%' }}
      status={known ? '' : 'error'}
      value={known ? keyOf(value) : null}
      showSearch={{ optionFilterProp: 'label' }}
      options={measures.map((item) => ({ value: keyOf(item.measure), label: item.label, title: item.label }))}
      onChange={(key) => {
        const chosen = measures.find((item) => keyOf(item.measure) === key);
        if (chosen) onChange(chosen.measure);
      }}
    />
  );
}

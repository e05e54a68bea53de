import { ganttScales, type LookRule, lookRules, type ViewLook, type ViewType } from '@lianke/shared/forms/views';
import { Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { fieldOf } from '../../shared/filter-model.js';

/** Fields of the form that a part of a look may be; those stored encrypted cannot be asked by what they hold. */
export function fieldsFor(form: FormView, rule: LookRule): ReadField[] {
  return form.fields.filter((field) => rule.types.includes(field.type) && !field.encrypted);
}

/** Parts that are asked for, given what was chosen: a date range has its end already. */
export function askedParts(form: FormView, type: ViewType, look: ViewLook): readonly LookRule[] {
  const range = look.start !== undefined && fieldOf(form.fields, look.start)?.type === 'dateRange';
  return lookRules[type].filter(({ part }) => !(type === 'gantt' && part === 'end' && range));
}

/** The look as it is kept: without what is not asked for any more. */
export function settledLook(form: FormView, type: ViewType, look: ViewLook): ViewLook {
  const { end, ...rest } = look;
  const asked = askedParts(form, type, look).some(({ part }) => part === 'end');
  return end === undefined || (type === 'gantt' && !asked) ? rest : look;
}

/** Whether something needed is missing, or no longer there. */
export function lookIncomplete(form: FormView, type: ViewType, look: ViewLook): boolean {
  return askedParts(form, type, look).some(({ part, needed }) => {
    const ref = look[part];
    return ref === undefined ? needed : fieldOf(form.fields, ref) === undefined;
  });
}

interface Props {
  form: FormView;
  type: ViewType;
  look: ViewLook;
  onChange: (look: ViewLook) => void;
}

/** The fields a view is made of, each out of those that fit. */
export function LookForm({ form, type, look, onChange }: Props) {
  const { t } = useTranslation('records');
  const label = (part: LookRule['part']) => t(`viewPartOf.${type}.${part}`, { defaultValue: t(`viewPart.${part}`) });
  return (
    <>
      {askedParts(form, type, look).map((rule) => {
        const { part, needed } = rule;
        const ref = look[part];
        const field = ref === undefined ? undefined : fieldOf(form.fields, ref);
        const gone = ref !== undefined && field === undefined;
        return (
          <Form.Item
            key={part}
            label={label(part)}
            htmlFor={`view-${part}`}
            required={needed}
            {...(gone ? { validateStatus: 'error' as const, help: t('viewPartGone') } : {})}
          >
            <Select<string>
              id={`view-${part}`}
              value={gone ? undefined : (field?.id as string | undefined)}
              allowClear={!needed || gone}
              notFoundContent={t('viewNoField')}
              onChange={(next) => {
                const { [part]: _, ...rest } = look;
                onChange(next ? { ...rest, [part]: next } : rest);
              }}
              options={fieldsFor(form, rule).map((each) => ({ value: each.id as string, label: each.name }))}
            />
          </Form.Item>
        );
      })}
      {type === 'gantt' && (
        <Form.Item label={t('gantt.scale')} htmlFor="view-scale">
          <Select
            id="view-scale"
            value={look.scale ?? 'week'}
            onChange={(scale) => onChange({ ...look, scale })}
            options={ganttScales.map((scale) => ({ value: scale, label: t(`gantt.scales.${scale}`) }))}
          />
        </Form.Item>
      )}
      {type === 'map' && <p className="muted">{t('map.partHint')}</p>}
    </>
  );
}

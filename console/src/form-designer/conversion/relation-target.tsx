import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { Select } from 'antd';
import { useForms } from '../../api/queries.js';
import { useText } from '../i18n.js';
import { Prop } from '../properties/prop.js';

interface Target {
  formId?: string;
  /** The field whose values the words are; the title when absent. */
  matchBy?: string;
}

/** Which form's records words name, and by which of its fields. */
export function RelationTarget({ value, onChange }: { value: Target; onChange: (value: Target) => void }) {
  const text = useText();
  const forms = useForms().data ?? [];
  const form = forms.find((item) => item.id === value.formId);
  const fields = (form?.fields ?? []).filter((field) => {
    const { storage, compares, refers } = behaviourOf(field);
    return !field.system && storage === 'text' && !compares && !refers && field.type !== 'select';
  });
  return (
    <>
      <Prop label={text('convertForm')}>
        <Select<string>
          value={value.formId as string}
          placeholder={text('convertFormChoose')}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(formId) => onChange({ formId })}
          options={forms.map((item) => ({ value: item.id, label: item.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      {form && (
        <Prop label={text('convertMatchBy')} hint={text('convertMatchByHint')}>
          <Select<string>
            value={value.matchBy ?? form.settings.titleField ?? (fields[0]?.id as string)}
            onChange={(matchBy) => onChange({ formId: form.id, matchBy })}
            options={fields.map((field) => ({
              value: field.id,
              label: field.rules.unique ? text('convertUniqueField', { name: field.name }) : field.name,
            }))}
            style={{ width: '100%' }}
          />
        </Prop>
      )}
    </>
  );
}

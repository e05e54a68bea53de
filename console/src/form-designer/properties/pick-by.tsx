import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Filter } from '@lianke/shared/filter/ast';
import { Select } from 'antd';
import { type FormView, useForms } from '../../api/queries.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { ImpersonalFilter } from '../../shared/filter-value.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { comparable } from './linked-editor.js';
import { Prop, PropGroup } from './prop.js';

/** The fixed condition on what may be chosen, the same for everybody; the other form's own fields only. */
export function PickWhen({ field, set }: { field: DesignField; set: (filter: Filter | undefined) => void }) {
  const text = useText();
  const target = useForms().data?.find((form) => form.id === field.config.formId);
  if (!target) return null;
  return (
    <PropGroup label={text('pickWhen')} hint={text('pickWhenHint')}>
      <ImpersonalFilter.Provider value>
        <FilterBuilder
          key={target.id}
          narrow
          ownOnly
          fields={target.fields}
          value={field.rules.pickWhen}
          onChange={set}
          emptyText={text('pickWhenEmpty')}
        />
      </ImpersonalFilter.Provider>
    </PropGroup>
  );
}

type Rule = NonNullable<DesignField['rules']['pickBy']>[number];

/** 级联: only related records that agree with another field of the page are offered, and taken. */
export function PickBy({ field, set }: { field: DesignField; set: (rules: Rule[] | undefined) => void }) {
  const text = useText();
  const { design } = useDesigner();
  const forms = useForms();
  const target = forms.data?.find((form) => form.id === field.config.formId);
  const [rule] = field.rules.pickBy ?? [];
  const rest = (field.rules.pickBy ?? []).slice(1);
  const own = Object.values(design.fields).filter(
    (item) => item.uid !== field.uid && item.name.trim() !== '' && !fieldTypes[item.type].storage.endsWith('[]'),
  );
  const mine = own.find((item) => item.uid === rule?.by);
  const agrees = (mine: DesignField, other: FormView['fields'][number]) =>
    behaviourOf(other).operators.includes('eq') && comparable(mine, other);
  const usable = own.filter((item) => (target?.fields ?? []).some((other) => agrees(item, other)));
  const choices = (target?.fields ?? []).filter((other) => mine && agrees(mine, other));
  return (
    <>
      <Prop label={text('pickBy')} hint={text('pickByHint')}>
        <Select
          allowClear
          value={rule?.by}
          placeholder={text('optionsByNone')}
          onChange={(by: string | undefined) => {
            const chosen = own.find((item) => item.uid === by);
            const first = (target?.fields ?? []).find((other) => chosen && agrees(chosen, other));
            set(by && first ? [{ field: first.id, by }, ...rest] : undefined);
          }}
          options={usable.map((item) => ({ value: item.uid, label: item.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      {rule && mine && (
        <Prop label={text('pickByField', { form: target?.name ?? '' })}>
          <Select
            value={rule.field}
            onChange={(other: string) => set([{ ...rule, field: other }, ...rest])}
            options={choices.map((item) => ({ value: item.id as string, label: item.name }))}
            style={{ width: '100%' }}
          />
        </Prop>
      )}
    </>
  );
}

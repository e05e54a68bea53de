import type { Filter } from '@lianke/shared/filter/ast';
import { compile, shownFormula } from '@lianke/shared/formulas/compile';
import { childrenOf, type FormulaForm, type FormulaWorld, subformsOf, targetOf } from '@lianke/shared/formulas/world';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Input, InputNumber, Select, Switch } from 'antd';
import { useMemo, useState } from 'react';
import { useForms } from '../../api/queries.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import type { FilterField } from '../../shared/filter-model.js';
import { ImpersonalFilter } from '../../shared/filter-value.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { FormulaEditor } from './formula/formula-editor.js';
import { Prop, PropGroup, SwitchProp } from './prop.js';
import type { TypePropsOf } from './type-properties.js';

/** All forms as formulas see them, the one being designed as it is drafted. */
export function useWorld(): FormulaWorld {
  const forms = useForms().data;
  const { form, design } = useDesigner();
  return useMemo(() => {
    const drafted = Object.values(design.fields).map((field) => ({
      ...field,
      id: field.id ?? field.uid,
      key: field.key ?? '',
    }));
    const own: FormulaForm = { id: form.id, name: design.name, titleField: form.settings.titleField, fields: drafted };
    const others = (forms ?? []).filter((item) => item.id !== form.id);
    const all = [own, ...others.map((item): FormulaForm => ({ ...item, titleField: item.settings.titleField }))];
    return { forms: all.flatMap((item) => [item, ...subformsOf(item)]) };
  }, [forms, form, design]);
}

/** The formula as people write it, checked while they type. */
export function FormulaProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const world = useWorld();
  const { form, ofRows } = useDesigner();
  const stored = typeof field.config.expression === 'string' ? field.config.expression : '';
  const [typed, setTyped] = useState<string>();
  const source = typed ?? shownFormula(stored, world, form.id);
  const done = useMemo(() => compile(source, world, form.id), [source, world, form.id]);
  const write = (next: string) => {
    setTyped(next);
    set({ expression: next }, 'expression');
  };
  const decimals = typeof field.config.decimals === 'number' ? field.config.decimals : 2;
  return (
    <>
      <PropGroup label={text('formula')} hint={text('formulaHint')}>
        <FormulaEditor
          source={source}
          onChange={write}
          world={world}
          formId={form.id}
          fieldId={field.id ?? field.uid}
          label={text('formula')}
          decimals={decimals}
          trialForm={ofRows ? undefined : (form.id as FormId)}
        />
      </PropGroup>
      {done.ok && done.formula.type.kind === 'number' && (
        <Prop label={text('formulaDecimals')}>
          <InputNumber
            min={0}
            max={8}
            precision={0}
            value={decimals}
            onChange={(next) => set({ decimals: next ?? 2 }, 'decimals')}
          />
        </Prop>
      )}
      <VisibleToAll field={field} set={set} />
    </>
  );
}

function VisibleToAll({ field, set }: TypePropsOf) {
  const text = useText();
  return (
    <SwitchProp label={text('derivedVisible')} hint={text('derivedVisibleHint')}>
      <Switch checked={field.config.visible === true} onChange={(visible) => set({ visible })} />
    </SwitchProp>
  );
}

/** Which field of which related record is shown. */
export function LookupProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const world = useWorld();
  const relations = (world.forms[0]?.fields ?? []).filter((item) => targetOf(item) !== undefined);
  const relation = relations.find((item) => [item.id, item.name].includes(String(field.config.relation)));
  const target = relation && world.forms.find((item) => item.id === targetOf(relation));
  return (
    <>
      <Prop label={text('lookupRelation')}>
        <Select
          value={relation?.name ?? null}
          status={relation ? '' : 'warning'}
          placeholder={text('chooseField')}
          notFoundContent={text('lookupNoRelation')}
          onChange={(name: string | null) => set({ relation: name ?? '', field: '' })}
          options={relations.map((item) => ({ value: item.name, label: item.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      <Prop label={text('derivedField')}>
        <Select
          value={typeof field.config.field === 'string' && field.config.field !== '' ? field.config.field : null}
          status={field.config.field ? '' : 'warning'}
          placeholder={text('chooseField')}
          showSearch={{ optionFilterProp: 'label' }}
          disabled={!target}
          onChange={(id: string | null) => set({ field: id ?? '' })}
          options={(target?.fields ?? []).map((item) => ({ value: item.id, label: item.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      <VisibleToAll field={field} set={set} />
    </>
  );
}

const fns = ['count', 'sum', 'avg', 'min', 'max', 'join'] as const;

/** What is counted or added up over the records that point here. */
export function RollupProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const world = useWorld();
  const { form } = useDesigner();
  const children = childrenOf(world, form.id);
  const child = children.find((item) => item.relation.id === field.config.relation);
  const fn = typeof field.config.fn === 'string' ? field.config.fn : 'count';
  return (
    <>
      <Prop label={text('rollupForm')} hint={text('rollupHint')}>
        <Select
          value={child?.relation.id ?? null}
          status={child ? '' : 'warning'}
          placeholder={text('chooseForm')}
          notFoundContent={text('rollupNoForm')}
          onChange={(id: string | null) => {
            const next = children.find((item) => item.relation.id === id);
            set({ formId: next?.form.id, relation: next?.relation.id, field: undefined, filter: undefined });
          }}
          options={children.map((item) => ({ value: item.relation.id, label: item.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      <Prop label={text('rollupFn')}>
        <Select
          value={fn}
          onChange={(next: string) => set({ fn: next })}
          options={fns.map((value) => ({ value, label: text(`rollup_${value}`) }))}
          style={{ width: '100%' }}
        />
      </Prop>
      {fn !== 'count' && (
        <Prop label={text('derivedField')}>
          <Select
            value={typeof field.config.field === 'string' ? field.config.field : null}
            status={field.config.field ? '' : 'warning'}
            placeholder={text('chooseField')}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(id: string | null) => set({ field: id ?? undefined })}
            options={(child?.form.fields ?? []).map((item) => ({ value: item.id, label: item.name }))}
            style={{ width: '100%' }}
          />
        </Prop>
      )}
      {fn === 'avg' && (
        <Prop label={text('formulaDecimals')}>
          <InputNumber
            min={0}
            max={8}
            precision={0}
            value={typeof field.config.decimals === 'number' ? field.config.decimals : 2}
            onChange={(next) => set({ decimals: next ?? 2 }, 'decimals')}
          />
        </Prop>
      )}
      {fn === 'join' && (
        <Prop label={text('rollupSeparator')}>
          <Input
            maxLength={10}
            value={typeof field.config.separator === 'string' ? field.config.separator : '、'}
            onChange={(event) => set({ separator: event.target.value }, 'separator')}
          />
        </Prop>
      )}
      {child && (
        <PropGroup label={text('rollupFilter')}>
          <ImpersonalFilter.Provider value={true}>
            <FilterBuilder
              key={child.relation.id}
              narrow
              ownOnly
              fields={child.form.fields as readonly FilterField[]}
              value={field.config.filter as Filter | undefined}
              onChange={(filter) => set({ filter: filter as Json | undefined }, 'filter')}
              emptyText={text('rollupFilterEmpty')}
            />
          </ImpersonalFilter.Provider>
        </PropGroup>
      )}
      <VisibleToAll field={field} set={set} />
    </>
  );
}

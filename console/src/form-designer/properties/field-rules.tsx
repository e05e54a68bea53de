import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FieldRules as Rules } from '@lianke/shared/forms/definition';
import { patternFault } from '@lianke/shared/forms/pattern';
import { Input, InputNumber, Select } from 'antd';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { optionsOf } from '../model/payload.js';
import { useDraftResults } from './draft-results.js';
import { PickBy, PickWhen } from './pick-by.js';
import { Prop, PropGroup } from './prop.js';

/** Fields of the design as conditions name them: by `uid`. */
export function useConditionFields(except?: string) {
  const { design } = useDesigner();
  const withResult = useDraftResults();
  return Object.values(design.fields)
    .filter((field) => field.uid !== except && field.name.trim() !== '')
    .map(withResult)
    .map((field) => ({ id: field.uid, key: field.uid, name: field.name, type: field.type, config: field.config }));
}

const presets = {
  mobile: '1[3-9]\\d{9}',
  postcode: '\\d{6}',
  digits: '\\d+',
  letters: '[A-Za-z0-9]+',
  plate: '[\\u4e00-\\u9fff][A-Z][A-Z0-9]{5,6}',
} as const;

/** What a value must meet, and when the field shows, must be filled, or is locked. */
export function FieldRules({ field }: { field: DesignField }) {
  const text = useText();
  const { act, design } = useDesigner();
  const fields = useConditionFields(field.uid);
  const { rules, uid } = field;
  const set = (patch: Partial<Rules>, merge?: string) => {
    const next: Rules = { ...rules, ...patch };
    for (const key of Object.keys(next) as (keyof Rules)[]) if (next[key] === undefined) delete next[key];
    act({ type: 'updateField', uid, patch: { rules: next } }, merge && `${merge}:${uid}`);
  };
  const type = fieldTypes[field.type];
  // What the system works out has no shape to be checked.
  const textual =
    !type.kept && type.storage === 'text' && !type.compares && !['select', 'richText'].includes(field.type);
  const condition = (key: 'visibleWhen' | 'requiredWhen' | 'readonlyWhen') => (
    <PropGroup key={key} label={text(key)}>
      <FilterBuilder
        narrow
        ownOnly
        fields={fields}
        value={rules[key]}
        onChange={(filter: Filter | undefined) => set({ [key]: filter })}
        emptyText={text(`${key}Empty`)}
      />
    </PropGroup>
  );
  return (
    <>
      {textual && (
        <>
          <Prop label={text('pattern')} hint={text('patternHint')}>
            <Input
              allowClear
              maxLength={200}
              value={rules.pattern?.regex ?? ''}
              status={rules.pattern && patternFault(rules.pattern.regex) ? 'error' : ''}
              placeholder={'[A-Z]{2}\\d{6}'}
              onChange={(event) => {
                const regex = event.target.value;
                set({ pattern: regex === '' ? undefined : { ...rules.pattern, regex } }, 'pattern');
              }}
            />
          </Prop>
          <Prop label={text('patternPreset')}>
            <Select
              allowClear
              value={Object.values(presets).find((preset) => preset === rules.pattern?.regex)}
              placeholder={text('patternChoose')}
              onChange={(regex: string | undefined) =>
                set({
                  pattern: regex
                    ? {
                        regex,
                        message: text(
                          `preset_${(Object.keys(presets) as (keyof typeof presets)[]).find((key) => presets[key] === regex) ?? 'digits'}`,
                        ),
                      }
                    : undefined,
                })
              }
              options={(Object.keys(presets) as (keyof typeof presets)[]).map((key) => ({
                value: presets[key],
                label: text(`preset_${key}`),
              }))}
              style={{ width: '100%' }}
            />
          </Prop>
          {rules.pattern && (
            <Prop label={text('ruleMessage')}>
              <Input
                maxLength={100}
                value={rules.pattern.message ?? ''}
                onChange={(event) =>
                  set(
                    { pattern: { regex: rules.pattern?.regex ?? '', message: event.target.value || undefined } },
                    'patternMessage',
                  )
                }
              />
            </Prop>
          )}
          <Prop label={text('minLength')}>
            <InputNumber<number>
              min={1}
              max={500}
              precision={0}
              value={rules.minLength ?? null}
              onChange={(value) => set({ minLength: value ?? undefined }, 'minLength')}
              style={{ width: '100%' }}
            />
          </Prop>
        </>
      )}
      {['select', 'multiSelect'].includes(field.type) && <OptionsBy field={field} set={set} />}
      {type.refers === 'record' && field.type !== 'subform' && typeof field.config.formId === 'string' && (
        <>
          <PickBy field={field} set={(pickBy) => set({ pickBy })} />
          <PickWhen field={field} set={(pickWhen) => set({ pickWhen }, 'pickWhen')} />
        </>
      )}
      {condition('visibleWhen')}
      {!type.kept && condition('requiredWhen')}
      {!type.kept && condition('readonlyWhen')}
      {rules.visibleWhen && design.settings.hiddenValues !== 'clear' && <p className="muted">{text('hiddenKept')}</p>}
    </>
  );
}

/** For each value of another choice field: which of this field's options may be chosen. */
function OptionsBy({ field, set }: { field: DesignField; set: (patch: Partial<Rules>) => void }) {
  const text = useText();
  const { design } = useDesigner();
  const others = Object.values(design.fields).filter((item) => item.type === 'select' && item.uid !== field.uid);
  const rule = field.rules.optionsBy;
  const other = rule ? design.fields[rule.field] : undefined;
  const published = (list: DesignField) => optionsOf(list).filter((option) => !option.id.startsWith('new:'));
  return (
    <>
      <Prop label={text('optionsBy')} hint={text('optionsByHint')}>
        <Select
          allowClear
          value={rule?.field}
          placeholder={text('optionsByNone')}
          onChange={(uid: string | undefined) => set({ optionsBy: uid ? { field: uid, allowed: {} } : undefined })}
          options={others.map((item) => ({ value: item.uid, label: item.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      {rule &&
        other &&
        published(other).map((option) => (
          <Prop key={option.id} label={text('optionsWhen', { name: option.label })}>
            <Select<string[]>
              mode="multiple"
              value={rule.allowed[option.id] ?? []}
              placeholder={text('optionsAll')}
              onChange={(ids) => {
                const { [option.id]: _, ...rest } = rule.allowed;
                set({ optionsBy: { ...rule, allowed: ids.length > 0 ? { ...rest, [option.id]: ids } : rest } });
              }}
              options={published(field).map((item) => ({ value: item.id, label: item.label }))}
              style={{ width: '100%' }}
            />
          </Prop>
        ))}
    </>
  );
}

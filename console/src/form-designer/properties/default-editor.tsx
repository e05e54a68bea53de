import { isDerived } from '@lianke/shared/fields/derived';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { DefaultValue } from '@lianke/shared/forms/definition';
import { presetOf } from '@lianke/shared/forms/presets';
import { shownFormula } from '@lianke/shared/formulas/compile';
import type { Json } from '@lianke/shared/json';
import { Select } from 'antd';
import { useState } from 'react';
import { useDepartments, useMembers } from '../../api/queries.js';
import { toWrite } from '../../records/values.js';
import { FieldEditor } from '../../shared/field-editor.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { type TextKey } from '../messages/zh.js';
import type { DesignField } from '../model/design.js';
import { useWorld } from './derived-properties.js';
import { FormulaEditor } from './formula/formula-editor.js';
import { LinkedEditor } from './linked-editor.js';
import { Prop, PropGroup } from './prop.js';
import styles from './properties.module.css';

type Kind = 'none' | DefaultValue['kind'];

const literal: readonly FieldTypeName[] = [
  'text',
  'longText',
  'number',
  'money',
  'date',
  'datetime',
  'select',
  'multiSelect',
  'tags',
  'switch',
  'phone',
  'email',
  'url',
  'member',
  'department',
  'percent',
  'rating',
  'slider',
  'time',
  'richText',
  'dateRange',
  'cascader',
  'address',
  'barcode',
  'members',
  'departments',
];

/** Types that a formula can fill in; the server knows the same. */
const computable: readonly FieldTypeName[] = [
  'text',
  'longText',
  'select',
  'number',
  'money',
  'percent',
  'rating',
  'slider',
  'date',
  'datetime',
  'switch',
];

/** What may fill in a field of this type by itself. */
export function defaultKinds(type: FieldTypeName): Kind[] {
  if (!literal.includes(type))
    return fieldTypes[type].kept || isDerived(type) || fieldTypes[type].refers === 'file'
      ? ['none']
      : ['none', 'linked'];
  const kinds: Kind[] = ['none', 'literal'];
  const preset = presetOf(type);
  if (preset) kinds.push(preset);
  kinds.push('linked');
  if (computable.includes(type)) kinds.push('formula');
  return kinds;
}

const kindNames: Record<Kind, TextKey> = {
  none: 'defaultNone',
  literal: 'defaultLiteral',
  me: 'defaultMe',
  myDepartment: 'defaultMyDepartment',
  now: 'defaultNow',
  linked: 'defaultLinked',
  formula: 'defaultFormula',
};

/** What fills in the field when a new record leaves it out. */
export function DefaultEditor({
  field,
  onChange,
}: {
  field: DesignField;
  onChange: (value: DefaultValue | undefined, merge?: string) => void;
}) {
  const text = useText();
  const members = useMembers();
  const departments = useDepartments();
  const kinds = defaultKinds(field.type);
  if (kinds.length === 1) return null;
  const kind: Kind = field.default?.kind ?? 'none';
  const name = (item: Kind) => text(item === 'now' && field.type === 'date' ? 'defaultToday' : kindNames[item]);
  const pick = (next: Kind) => {
    if (next === 'none') onChange(undefined);
    else if (next === 'literal') onChange({ kind: 'literal', value: field.type === 'switch' ? true : null });
    else if (next === 'linked')
      onChange({ kind: 'linked', formId: '' as never, match: [{ field: '', own: '' }], take: '' });
    else if (next === 'formula') onChange({ kind: 'formula', expression: '=' });
    else onChange({ kind: next });
  };
  const value = field.default?.kind === 'literal' ? shown(field, field.default.value) : null;

  /** The stored default is an id or a list of them, the control shows references. */
  function shown(of: DesignField, stored: Json): Json {
    if (Array.isArray(stored)) return stored.map((item) => shown(of, item));
    const { refers } = fieldTypes[of.type];
    const list = refers === 'member' ? members.data : refers === 'department' ? departments.data : undefined;
    const found = list?.find((item) => item.id === stored);
    return found ? { id: found.id, label: found.name } : stored;
  }

  return (
    <div style={{ marginBottom: 16 }} className={styles.tight}>
      <Prop label={text('defaultValue')}>
        <Select<Kind>
          value={kind}
          onChange={pick}
          options={kinds.map((item) => ({ value: item, label: name(item) }))}
          style={{ width: '100%' }}
        />
      </Prop>
      {field.default?.kind === 'linked' && (
        <LinkedEditor field={field} link={field.default} onChange={(link) => onChange(link)} />
      )}
      {field.default?.kind === 'formula' && (
        <FormulaDefault field={field} expression={field.default.expression} onChange={onChange} />
      )}
      {kind === 'literal' && (
        <FieldEditor
          field={{ ...field, key: field.uid }}
          value={value}
          label={text('defaultLiteral')}
          onChange={(next) => {
            onChange({ kind: 'literal', value: toWrite(field, next) }, `default:${field.uid}`);
          }}
        />
      )}
    </div>
  );
}

/** A default computed from the record's other fields. */
function FormulaDefault({
  field,
  expression,
  onChange,
}: {
  field: DesignField;
  expression: string;
  onChange: (value: DefaultValue | undefined, merge?: string) => void;
}) {
  const text = useText();
  const { form } = useDesigner();
  const world = useWorld();
  const [typed, setTyped] = useState<string>();
  return (
    <PropGroup label={text('defaultFormula')} hint={text('defaultFormulaHint')}>
      <FormulaEditor
        source={typed ?? shownFormula(expression, world, form.id)}
        onChange={(next) => {
          setTyped(next);
          onChange({ kind: 'formula', expression: next }, `default:${field.uid}`);
        }}
        world={world}
        formId={form.id}
        fieldId={field.id ?? field.uid}
        label={text('defaultFormula')}
        decimals={2}
      />
    </PropGroup>
  );
}

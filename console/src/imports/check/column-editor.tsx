import { derivedTypes } from '@lianke/shared/fields/derived';
import { type FieldTypeName, fieldTypeNames } from '@lianke/shared/fields/registry';
import { notInRows } from '@lianke/shared/fields/subform/schema';
import type { SheetColumn, SheetPlan } from '@lianke/shared/imports/api';
import { namingTypes } from '@lianke/shared/imports/keys';
import { asJson, type Json } from '@lianke/shared/json';
import { Button, Input, Segmented, Select } from 'antd';
import { useId, useState } from 'react';
import { type FormView, useMe } from '../../api/queries.js';
import { addOptions, settleOptions } from '../../form-designer/model/options.js';
import { useTypeLabel } from '../../form-designer/use-type-label.js';
import { pause } from '../../i18n/punctuation.js';
import { useText } from '../i18n.js';
import { withLineFields } from '../model/line-fields.js';
import { isOfColumn, mapColumn, type Plan, setFactor, setMatchKey } from '../model/plan.js';
import styles from './check.module.css';
import { OptionMap } from './option-map.js';

interface Props {
  column: SheetColumn;
  sheet: SheetPlan;
  plan: Plan;
  forms: readonly FormView[];
  onChange: (plan: Plan) => void;
  onClose: () => void;
}

type Mode = 'existing' | 'new' | 'skip';

/** Types that a text of a spreadsheet can become by itself. */
const newTypes = fieldTypeNames.filter(
  (type) =>
    ![
      'autonumber',
      'lastContact',
      'relation',
      'relations',
      'subform',
      'attachment',
      'image',
      'signature',
      'location',
      'cascader',
      ...derivedTypes,
    ].includes(type),
);
/** System fields that an import may fill. */
const systemKeys: readonly string[] = ['owner', 'createdAt', 'createdBy'];

interface FieldChoice {
  key: string;
  name: string;
  type: FieldTypeName;
  config: Readonly<Record<string, unknown>>;
}

/** Fields of a target that a column may feed. */
function fieldsOf(plan: SheetPlan, forms: readonly FormView[], target: string): FieldChoice[] {
  const known = plan.targets.find((item) => item.key === target);
  const formId = known ? known.formId : target.replace(/^form:/, '');
  const form = forms.find((item) => item.id === formId);
  const own = (form?.fields ?? []).filter(
    (field) => field.type !== 'autonumber' && (!field.system || systemKeys.includes(field.key)),
  );
  const link = known?.link?.field;
  const proposed = (known?.newFields ?? []).filter((field) => !isOfColumn(field));
  return withLineFields([...own, ...proposed]).filter((field) => field.key !== link);
}

/** Subforms of the form that a target feeds: a new field may be one of their rows'. */
function subformsOf(plan: SheetPlan, forms: readonly FormView[], target: string): FormView['fields'] {
  const formId = plan.targets.find((item) => item.key === target)?.formId;
  return (forms.find((item) => item.id === formId)?.fields ?? []).filter(
    (field) => field.type === 'subform' && field.writable,
  );
}

/** Where one column goes: a field there is, a new one, or nowhere. */
export function ColumnEditor({ column, sheet, plan, forms, onChange, onClose }: Props) {
  const text = useText();
  const typeLabel = useTypeLabel();
  const id = useId();
  const me = useMe();
  const mayDesign = me.data?.permissions.design || me.data?.permissions.admin;
  const { to } = column;
  const made = sheet.targets
    .find((target) => target.key === to.target)
    ?.newFields.find((field) => field.key === to.field);
  const [mode, setMode] = useState<Mode>(to.status === 'skipped' ? 'existing' : made ? 'new' : 'existing');
  const [target, setTarget] = useState(to.target ?? sheet.targets[0]?.key ?? '');
  const [field, setField] = useState<string | undefined>(made ? undefined : (to.field ?? undefined));
  const [name, setName] = useState(made?.name ?? column.header.slice(0, 40));
  const [type, setType] = useState<FieldTypeName>(made?.type ?? 'text');
  const [within, setWithin] = useState(made?.within ?? '');
  const [factor, setColumnFactor] = useState(to.factor ?? 1);
  const [by, setBy] = useState(to.by ?? '');

  const choices = fieldsOf(sheet, forms, target);
  const chosen = choices.find((item) => item.key === field);
  const valueType = mode === 'new' ? type : chosen?.type;
  const numeric = valueType === 'number' || valueType === 'money';
  const names = chosen?.type === 'relation' || chosen?.type === 'relations';
  const linked = names ? forms.find((form) => form.id === chosen.config.formId) : undefined;
  const keys = (linked?.fields ?? []).filter(
    (item) => item.type === 'autonumber' || (item.rules.unique === true && namingTypes.includes(item.type)),
  );
  const subforms = subformsOf(sheet, forms, target);
  const inside = subforms.some((item) => item.key === within) ? within : '';
  const others = forms.filter((form) => !sheet.targets.some((item) => item.formId === form.id));
  const ready = mode === 'skip' || (mode === 'existing' ? chosen !== undefined : name.trim() !== '' && target !== '');

  const apply = () => {
    const form = target.startsWith('form:') ? others.find((item) => `form:${item.id}` === target) : undefined;
    let next = plan;
    if (mode === 'skip') next = mapColumn(plan, sheet.index, column.index, { kind: 'skip' });
    else if (mode === 'new') {
      const config = made && made.type === type ? made.config : configOf(type, column);
      next = mapColumn(plan, sheet.index, column.index, {
        kind: 'new',
        target,
        name: name.trim(),
        type: inside && notInRows.includes(type) ? 'text' : type,
        config,
        ...(inside ? { within: inside } : {}),
      });
    } else if (form && field) {
      next = mapColumn(plan, sheet.index, column.index, { kind: 'fieldOfForm', form, field });
    } else if (field) next = mapColumn(plan, sheet.index, column.index, { kind: 'field', target, field });
    if (mode !== 'skip') next = setFactor(next, sheet.index, column.index, numeric ? factor : undefined);
    if (mode === 'existing' && keys.length > 0)
      next = setMatchKey(next, sheet.index, column.index, by === '' ? undefined : by);
    onChange(next);
    onClose();
  };

  return (
    <div className={styles.editor} role="dialog" aria-label={text('columnTitle', { name: column.header })}>
      <div className={styles.editorTitle}>{text('columnTitle', { name: column.header || text('unnamedColumn') })}</div>
      {column.samples.length > 0 && (
        <div className={`${styles.samples} ellipsis`}>{text('samples', { list: column.samples.join(pause()) })}</div>
      )}
      <Segmented<Mode>
        block
        value={mode}
        onChange={(next) => {
          setMode(next);
          if (next === 'new' && target.startsWith('form:')) setTarget(sheet.targets[0]?.key ?? '');
        }}
        options={[
          { value: 'existing', label: text('existingField') },
          { value: 'new', label: text('newField'), disabled: !mayDesign },
          { value: 'skip', label: text('skip') },
        ]}
      />
      {mode !== 'skip' && (
        <>
          <label htmlFor={`${id}-form`}>{text('targetForm')}</label>
          <Select
            id={`${id}-form`}
            value={target}
            onChange={(next) => {
              setTarget(next);
              setField(undefined);
            }}
            showSearch={{ optionFilterProp: 'label' }}
            options={[
              ...sheet.targets.map((item) => ({ value: item.key, label: item.formName })),
              ...(mode === 'existing' ? others.map((form) => ({ value: `form:${form.id}`, label: form.name })) : []),
            ]}
          />
        </>
      )}
      {mode === 'existing' && (
        <>
          <label htmlFor={`${id}-field`}>{text('targetField')}</label>
          <Select
            id={`${id}-field`}
            value={chosen?.key}
            onChange={setField}
            placeholder={text('chooseField')}
            showSearch={{ optionFilterProp: 'label' }}
            options={choices.map((item) => ({ value: item.key, label: item.name, type: item.type }))}
            optionRender={(option) => (
              <span style={{ display: 'flex', justifyContent: 'space-between', gap: 8 }}>
                <span className="ellipsis">{option.label}</span>
                <span className="muted">{typeLabel(option.data.type)}</span>
              </span>
            )}
          />
        </>
      )}
      {mode === 'existing' && keys.length > 0 && (
        <>
          <label htmlFor={`${id}-by`}>{text('findBy', { form: linked?.name ?? '' })}</label>
          <Select
            id={`${id}-by`}
            value={by}
            onChange={setBy}
            options={[
              { value: '', label: text('findByTitle') },
              ...keys.map((item) => ({ value: item.key, label: item.name })),
            ]}
          />
        </>
      )}
      {mode === 'new' && subforms.length > 0 && (
        <>
          <label htmlFor={`${id}-within`}>{text('newFieldPlace')}</label>
          <Select
            id={`${id}-within`}
            value={inside}
            onChange={setWithin}
            options={[
              { value: '', label: text('newFieldOfRecord') },
              ...subforms.map((item) => ({ value: item.key, label: text('newFieldOfLines', { name: item.name }) })),
            ]}
          />
        </>
      )}
      {mode === 'new' && (
        <div className={styles.two}>
          <div>
            <label htmlFor={`${id}-name`}>{text('fieldName')}</label>
            <Input id={`${id}-name`} maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
          </div>
          <div>
            <label htmlFor={`${id}-type`}>{text('fieldType')}</label>
            <Select
              id={`${id}-type`}
              value={type}
              onChange={setType}
              options={newTypes
                .filter((item) => !inside || !notInRows.includes(item))
                .map((item) => ({ value: item, label: typeLabel(item) }))}
              style={{ width: '100%' }}
            />
          </div>
        </div>
      )}
      {mode !== 'skip' && numeric && (
        <>
          <label htmlFor={`${id}-factor`}>{text('factor')}</label>
          <Select
            id={`${id}-factor`}
            value={factor}
            onChange={setColumnFactor}
            options={[
              { value: 1, label: text('factorNone') },
              { value: 1000, label: text('factorThousand') },
              { value: 10_000, label: text('factorWan') },
            ]}
          />
        </>
      )}
      {mode === 'existing' && chosen?.type === 'select' && !target.startsWith('form:') && to.field === chosen.key && (
        <OptionMap column={column} field={chosen} mapKey={`${target}.${chosen.key}`} plan={plan} onChange={onChange} />
      )}
      <div className={styles.editorFoot}>
        <Button size="small" onClick={onClose}>
          {text('cancel')}
        </Button>
        <Button size="small" type="primary" disabled={!ready} onClick={apply}>
          {text('apply')}
        </Button>
      </div>
    </div>
  );
}

/** Options of a new choice field are what the column holds. */
function configOf(type: FieldTypeName, column: SheetColumn): Record<string, Json> {
  if (type !== 'select' && type !== 'multiSelect') return {};
  const labels = [...new Set((column.distinct ?? []).map((item) => item.text.trim().slice(0, 60)).filter(Boolean))];
  return { options: asJson(settleOptions(addOptions([], labels)).options) };
}

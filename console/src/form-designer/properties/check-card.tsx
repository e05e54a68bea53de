import { DeleteOutlined } from '@ant-design/icons';
import type { FormCheck } from '@lianke/shared/forms/rule-schema';
import { compile, shownFormula } from '@lianke/shared/formulas/compile';
import { subformsOf } from '@lianke/shared/formulas/world';
import type { FormId } from '@lianke/shared/ids';
import { Alert, Button, Input, Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { fieldsInOrder } from '../model/design.js';
import { useWorld } from './derived-properties.js';
import type { useConditionFields } from './field-rules.js';
import { FormulaEditor } from './formula/formula-editor.js';
import { Prop } from './prop.js';
import styles from './properties.module.css';

interface Props {
  check: FormCheck;
  fields: ReturnType<typeof useConditionFields>;
  /** @param merge joins changes that are typed one after another */
  onChange: (check: FormCheck, merge?: string) => void;
  onRemove: () => void;
}

/** One check of the form: a condition or a formula, what is said when it is not met, and where. */
export function CheckCard({ check, fields, onChange, onRemove }: Props) {
  const text = useText();
  const { design } = useDesigner();
  const { must, formula, ...rest } = check;
  const own = fieldsInOrder(design).map((field) => ({ value: field.uid, label: field.name || '—' }));
  return (
    <div className={styles.ruleCard}>
      <Segmented
        block
        size="small"
        aria-label={text('checkKind')}
        value={formula === undefined ? 'condition' : 'formula'}
        onChange={(kind) => onChange(kind === 'formula' ? { ...rest, formula: '' } : { ...rest, must: { and: [] } })}
        options={[
          { value: 'condition', label: text('checkByCondition') },
          { value: 'formula', label: text('checkByFormula') },
        ]}
      />
      {formula === undefined ? (
        <FilterBuilder
          narrow
          ownOnly
          fields={fields}
          value={must}
          onChange={(next) => onChange({ ...rest, must: next ?? { and: [] } })}
          emptyText={text('checkEmpty')}
        />
      ) : (
        <CheckFormula formula={formula} onChange={(next) => onChange({ ...rest, formula: next }, 'formula')} />
      )}
      <Prop label={text('ruleMessage')}>
        <Input
          maxLength={200}
          value={check.message}
          status={check.message.trim() === '' ? 'error' : ''}
          onChange={(event) => onChange({ ...check, message: event.target.value }, 'message')}
        />
      </Prop>
      <Prop label={text('checkField')}>
        <Select<string | null>
          allowClear
          value={check.field ?? null}
          placeholder={text('checkFieldFirst')}
          onChange={(uid) => {
            const { field: _, ...others } = check;
            onChange(uid ? { ...others, field: uid } : others);
          }}
          options={own}
          showSearch={{ optionFilterProp: 'label' }}
          style={{ width: '100%' }}
        />
      </Prop>
      <Button type="text" size="small" icon={<DeleteOutlined />} onClick={onRemove}>
        {text('ruleRemove')}
      </Button>
    </div>
  );
}

function CheckFormula({ formula, onChange }: { formula: string; onChange: (formula: string) => void }) {
  const text = useText();
  const world = useWorld();
  const { form } = useDesigner();
  const [typed, setTyped] = useState<string>();
  const source = typed ?? shownFormula(formula, world, form.id);
  const fault = useMemo(() => {
    const done = compile(source, world, form.id);
    if (!done.ok) return undefined;
    const own = world.forms.find((item) => item.id === form.id);
    const rows = new Set(own ? subformsOf(own).map((item) => item.id) : []);
    const near = [...done.formula.refs.values()].every(
      ({ hops, record }) => hops.length === 0 || (!record && hops.length === 1 && rows.has(hops[0]?.to.id ?? '')),
    );
    if (!near) return 'checkFormulaFar' as const;
    return done.formula.type.kind === 'boolean' ? undefined : ('checkFormulaYesNo' as const);
  }, [source, world, form.id]);
  return (
    <>
      <FormulaEditor
        source={source}
        onChange={(next) => {
          setTyped(next);
          onChange(next);
        }}
        world={world}
        formId={form.id}
        fieldId="check"
        label={text('checkByFormula')}
        decimals={2}
        trialForm={form.id as FormId}
      />
      {source.trim() !== '' && fault && <Alert type="error" showIcon title={text(fault)} />}
      <div className={styles.hint}>{text('checkFormulaHint')}</div>
    </>
  );
}

import type { Json } from '@lianke/shared/json';
import { Form } from 'antd';
import { useId, useMemo } from 'react';
import type { FormView, ReadField } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import type { RowFault } from '../fields/renderer.js';
import { ParentRecordContext } from '../fields/subform/parent-record.js';
import { FieldEditor } from '../shared/field-editor.js';
import styles from './form.module.css';
import { LaidSections } from './laid-sections.js';
import { columnsStyle, laidFields, sectionsOf } from './layout.js';
import type { RecordRules } from './rules.js';
import type { Values } from './values.js';

interface Props {
  form: FormView;
  values: Values;
  /** What the record's own formulas give for these values, by field key. */
  computed?: Values | undefined;
  onChange: (key: string, value: Json) => void;
  /** Sentences by field key, shown under the field. */
  errors: Readonly<Record<string, string>>;
  /** How the fields stand by the form's rules. */
  rules?: RecordRules | undefined;
  /** Fields that only the system writes are left out of a new record. */
  creating: boolean;
}

function OneField({
  field,
  values,
  onChange,
  error,
  faults,
  rules,
}: { field: ReadField; error: string | undefined; faults?: RowFault[] } & Pick<
  Props,
  'values' | 'onChange' | 'rules'
>) {
  const id = useId();
  const state = rules?.stateOf(field);
  return (
    <Form.Item
      label={field.name}
      htmlFor={id}
      required={state ? state.required : (field.rules.required ?? false)}
      validateStatus={error ? 'error' : ''}
      help={error}
      extra={field.hint}
      data-field={field.key}
    >
      <FieldEditor
        id={id}
        field={rules?.narrowed(field) ?? field}
        value={values[field.key]}
        onChange={(value) => onChange(field.key, value)}
        disabled={!field.writable || state?.readonly === true}
        invalid={error !== undefined || (faults?.length ?? 0) > 0}
        faults={faults}
      />
    </Form.Item>
  );
}

/** Errors of a subform's rows, named `items[2].price`. */
function faultsUnder(errors: Props['errors'], key: string): RowFault[] {
  return Object.entries(errors).flatMap(([name, reason]) => {
    const match = /^(.+)\[(\d+)\]\.(.+)$/.exec(name);
    return match?.[1] === key ? [{ row: Number(match[2]), field: match[3] ?? '', reason }] : [];
  });
}

/** The fields of a record by the form's layout, each with its control; the owner stands at the end. */
export function RecordForm({ form, values, computed = {}, onChange, errors, creating, rules }: Props) {
  const sections = sectionsOf(form);
  const around = useMemo(() => ({ fields: form.fields, values }), [form.fields, values]);
  const shown = (field: ReadField) =>
    rules?.stateOf(field)?.visible !== false &&
    (!creating || field.key in computed || (field.writable && fieldRenderers[field.type].Editor !== undefined));
  const owner = form.fields.find((field) => field.key === 'owner' && field.system);
  const placed = sections.some((section) => laidFields(section).some((item) => item.field.key === 'owner'));
  return (
    <ParentRecordContext.Provider value={around}>
      <Form layout="vertical" component="div">
        <LaidSections
          sections={sections}
          rules={rules}
          shown={shown}
          look={{ section: styles.section, raster: styles.raster }}
          wrong={Object.keys(errors)}
          render={(field) => (
            <OneField
              field={field}
              values={field.key in computed ? computed : values}
              onChange={onChange}
              error={errors[field.key]}
              faults={faultsUnder(errors, field.key)}
              rules={rules}
            />
          )}
        />
        {owner && !placed && owner.writable && (
          <div className={styles.raster} style={columnsStyle(2)}>
            <OneField field={owner} values={values} onChange={onChange} error={errors[owner.key]} />
          </div>
        )}
      </Form>
    </ParentRecordContext.Provider>
  );
}

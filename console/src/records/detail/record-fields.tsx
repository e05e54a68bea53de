import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { useMemo } from 'react';
import type { FormView, ReadField } from '../../api/queries.js';
import { ParentRecordContext } from '../../fields/subform/parent-record.js';
import { LaidSections } from '../laid-sections.js';
import { columnsStyle, sectionsOf } from '../layout.js';
import { rulesFor, useRuleEnv } from '../rules.js';
import styles from './detail.module.css';
import { FieldInPlace } from './field-in-place.js';

/** A record's fields by the form's layout, each edited where it stands. */
export function RecordFields({
  form,
  record,
  edit,
  onSave,
}: {
  form: FormView;
  record: RecordView;
  /** Key of the field whose control is open from the start. */
  edit?: string | undefined;
  onSave: (field: ReadField, value: Json, before: Json) => Promise<string | undefined>;
}) {
  const env = useRuleEnv();
  const rules = rulesFor(form, record.values, env);
  const mayEdit = form.actions.includes('edit') && !record.deletedAt;
  const system = form.fields.filter((field) => field.system && field.key !== 'owner');
  const around = useMemo(() => ({ fields: form.fields, values: record.values }), [form.fields, record.values]);
  return (
    <ParentRecordContext.Provider value={around}>
      <section className={styles.panel}>
        <LaidSections
          sections={sectionsOf(form)}
          rules={rules}
          shown={(field) => rules.stateOf(field)?.visible !== false}
          look={{ section: styles.section, raster: styles.raster }}
          render={(field) => (
            <FieldInPlace
              field={rules.narrowed(field)}
              value={record.values[field.key]}
              mayEdit={mayEdit}
              of={{ formId: form.id, recordId: record.id }}
              begun={field.key === edit}
              locked={rules.stateOf(field)?.readonly === true}
              onSave={onSave}
            />
          )}
        />
        <div className={styles.section}>
          <div className={styles.raster} style={columnsStyle(3)}>
            {system.map((field) => (
              <FieldInPlace
                key={field.key}
                field={field}
                value={record.values[field.key]}
                mayEdit={false}
                onSave={onSave}
              />
            ))}
          </div>
        </div>
      </section>
    </ParentRecordContext.Provider>
  );
}

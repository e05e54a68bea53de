import type { FieldState } from '@lianke/shared/forms/rules';
import type { Json } from '@lianke/shared/json';
import { Alert, Button, ConfigProvider, Modal, Skeleton } from 'antd';
import { useId, useMemo, useState } from 'react';
import type { FormView, ReadField } from '../../api/queries.js';
import { LaidSections } from '../../records/laid-sections.js';
import { sectionsOf } from '../../records/layout.js';
import { type RecordRules, rulesFor, useRuleEnv } from '../../records/rules.js';
import { EmptyState } from '../../shared/empty-state.js';
import { FieldEditor } from '../../shared/field-editor.js';
import { sampleValue } from '../designer/sample-value.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { type Design, type DesignField, fieldsInOrder } from '../model/design.js';
import { payloadOf } from '../model/payload.js';
import styles from './preview.module.css';

type Values = Record<string, Json>;
interface EntryProps {
  field: DesignField;
  state: FieldState | undefined;
  values: Values;
  onChange: (uid: string, value: Json) => void;
}

function Entry({ field, state, values, onChange }: EntryProps) {
  const text = useText();
  const id = useId();
  const ready = field.type !== 'relation' || typeof field.config.formId === 'string';
  return (
    <div className={styles.entry}>
      <label htmlFor={id} className={styles.label}>
        {(state ? state.required : field.rules.required) && <span className={styles.star}>*</span>}
        {field.name}
      </label>
      {ready ? (
        <FieldEditor
          id={id}
          field={{ ...field, key: field.uid }}
          value={values[field.uid] ?? sampleValue(field)}
          onChange={(value) => onChange(field.uid, value)}
          disabled={state?.readonly === true}
        />
      ) : (
        <span className="muted">{text('noRelationTarget')}</span>
      )}
      {field.hint && <div className={styles.hint}>{field.hint}</div>}
    </div>
  );
}

/** The form as people will fill it in, on a computer and on a phone, side by side; nothing is saved. */
export function PreviewDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const text = useText();
  const { design } = useDesigner();
  return <PreviewOf open={open} title={text('previewTitle')} design={design} onClose={onClose} />;
}

interface PreviewProps {
  open: boolean;
  title: string;
  /** Undefined while it is fetched. */
  design: Design | undefined;
  error?: string | undefined;
  onClose: () => void;
}

/** Any design as people would fill it in. */
export function PreviewOf({ open, title, design, error, onClose }: PreviewProps) {
  return (
    <Modal open={open} title={title} width={1200} style={{ top: 24 }} footer={null} onCancel={onClose} destroyOnHidden>
      {error ? <Alert type="error" showIcon title={error} /> : design ? <Both design={design} /> : <Skeleton active />}
    </Modal>
  );
}

function Both({ design }: { design: Design }) {
  const text = useText();
  const [values, setValues] = useState<Values>({});
  const onChange = (uid: string, value: Json) => setValues((old) => ({ ...old, [uid]: value }));
  const env = useRuleEnv();
  const form = useMemo(() => formOf(design), [design]);
  const rules = rulesFor(form, values, env);
  if (form.layout.sections.every((section) => section.items.length === 0))
    return <EmptyState compact title={text('previewEmpty')} />;
  const shown = (field: { id: string }) => rules.stateOf(field as ReadField)?.visible !== false;
  const laid = {
    sections: sectionsOf(form),
    rules,
    shown,
    render: (field: ReadField) => {
      const own = design.fields[field.id];
      return own && <Entry field={own} state={rules.stateOf(field)} values={values} onChange={onChange} />;
    },
  };
  return (
    <>
      <p className="muted">{text('previewHint')}</p>
      <div className={styles.both}>
        <section aria-label={text('previewPc')}>
          <h3 className={styles.where}>{text('previewPc')}</h3>
          <div className={styles.pc}>
            <h2 className={styles.title}>{design.name}</h2>
            {design.settings.notice && <div className={styles.notice}>{design.settings.notice}</div>}
            <LaidSections {...laid} look={{ section: styles.section, raster: styles.grid }} />
          </div>
        </section>
        <section aria-label={text('previewPhone')}>
          <h3 className={styles.where}>{text('previewPhone')}</h3>
          <ConfigProvider componentSize="large">
            <Phone design={design} rules={rules} laid={laid} values={values} onChange={onChange} />
          </ConfigProvider>
        </section>
      </div>
    </>
  );
}

type Laid = Omit<Parameters<typeof LaidSections>[0], 'look'>;

/** The design as the pages that fill in forms read one; every name is a `uid`. */
function formOf(design: Design): Pick<FormView, 'fields' | 'layout' | 'settings'> {
  return {
    fields: Object.values(design.fields).map((field) => ({
      ...field,
      id: field.uid as ReadField['id'],
      key: field.uid,
      writable: true,
    })),
    layout: payloadOf(design, (uid) => uid).layout,
    settings: {
      summaryFields: [],
      ...(design.settings.hiddenValues ? { hiddenValues: design.settings.hiddenValues } : {}),
    },
  };
}

/** Required fields first, the rest folded, as the mini-app fills in a form; words and tabs keep the layout's order. */
function Phone({
  design,
  rules,
  laid,
  values,
  onChange,
}: Pick<EntryProps, 'values' | 'onChange'> & { design: Design; rules: RecordRules; laid: Laid }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  const tabs = design.sections.some((section) => section.tab);
  const ordered = tabs || Object.keys(design.elements ?? {}).length > 0;
  const stateOf = (field: DesignField) => rules.stateOf({ id: field.uid } as unknown as ReadField);
  const fields = fieldsInOrder(design).filter((field) => stateOf(field)?.visible !== false);
  const required = fields.filter((field) => field.rules.required);
  const quick = design.settings.quickFields ?? [];
  const first =
    quick.length > 0
      ? fields.filter((field) => field.rules.required || quick.includes(field.uid))
      : required.length > 0
        ? required
        : fields.slice(0, 4);
  const rest = fields.filter((field) => !first.includes(field));
  return (
    <div className={styles.phone}>
      <div className={styles.phoneBar}>{design.name}</div>
      <div className={styles.phoneBody}>
        {design.settings.notice && <div className={styles.notice}>{design.settings.notice}</div>}
        {ordered ? (
          <LaidSections
            {...laid}
            sections={laid.sections.map((section) => ({
              ...section,
              columns: 1,
              items: section.items.map((item) => ({ ...item, span: 1 })),
            }))}
            shown={(field) => laid.shown(field) && (tabs || open || !rest.some((item) => item.uid === field.id))}
            look={{ section: undefined, raster: undefined }}
          />
        ) : (
          [...first, ...(open ? rest : [])].map((field) => (
            <Entry key={field.uid} field={field} state={stateOf(field)} values={values} onChange={onChange} />
          ))
        )}
        {!tabs && rest.length > 0 && (
          <Button type="text" block onClick={() => setOpen(!open)}>
            {open ? text('previewLess') : text('previewMore', { n: rest.length })}
          </Button>
        )}
      </div>
      <div className={styles.phoneFoot}>
        <span className={styles.phoneButton}>{text('previewSaveNext')}</span>
        <span className={`${styles.phoneButton} ${styles.phonePrimary}`}>{text('previewSave')}</span>
      </div>
    </div>
  );
}

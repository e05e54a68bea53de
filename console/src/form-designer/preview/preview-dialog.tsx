import type { Json } from '@lianke/shared/json';
import { Alert, Button, ConfigProvider, Modal, Skeleton } from 'antd';
import { useId, useState } from 'react';
import { EmptyState } from '../../shared/empty-state.js';
import { FieldEditor } from '../../shared/field-editor.js';
import { sampleValue } from '../designer/sample-value.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { type Design, type DesignField, fieldsInOrder } from '../model/design.js';
import styles from './preview.module.css';

type Values = Record<string, Json>;
interface EntryProps {
  field: DesignField;
  values: Values;
  onChange: (uid: string, value: Json) => void;
}

function Entry({ field, values, onChange }: EntryProps) {
  const text = useText();
  const id = useId();
  const ready = field.type !== 'relation' || typeof field.config.formId === 'string';
  return (
    <div className={styles.entry}>
      <label htmlFor={id} className={styles.label}>
        {field.rules.required && <span className={styles.star}>*</span>}
        {field.name}
      </label>
      {ready ? (
        <FieldEditor
          id={id}
          field={{ ...field, key: field.uid }}
          value={values[field.uid] ?? sampleValue(field)}
          onChange={(value) => onChange(field.uid, value)}
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
  const fields = fieldsInOrder(design);
  if (fields.length === 0) return <EmptyState compact title={text('previewEmpty')} />;
  return (
    <>
      <p className="muted">{text('previewHint')}</p>
      <div className={styles.both}>
        <section aria-label={text('previewPc')}>
          <h3 className={styles.where}>{text('previewPc')}</h3>
          <div className={styles.pc}>
            <h2 className={styles.title}>{design.name}</h2>
            {design.settings.notice && <div className={styles.notice}>{design.settings.notice}</div>}
            {design.sections.map((section) => (
              <div key={section.uid} className={styles.section}>
                {section.title && <h4 className={styles.sectionTitle}>{section.title}</h4>}
                <div
                  className={styles.grid}
                  style={{ gridTemplateColumns: `repeat(${section.columns}, minmax(0, 1fr))` }}
                >
                  {section.items.map((item) => {
                    const field = design.fields[item.field];
                    return (
                      field && (
                        <div key={item.field} style={{ gridColumn: `span ${Math.min(item.span, section.columns)}` }}>
                          <Entry field={field} values={values} onChange={onChange} />
                        </div>
                      )
                    );
                  })}
                </div>
              </div>
            ))}
          </div>
        </section>
        <section aria-label={text('previewPhone')}>
          <h3 className={styles.where}>{text('previewPhone')}</h3>
          <ConfigProvider componentSize="large">
            <Phone design={design} values={values} onChange={onChange} />
          </ConfigProvider>
        </section>
      </div>
    </>
  );
}

/** Required fields first, the rest folded, as the mini-app fills in a form. */
function Phone({ design, values, onChange }: Pick<EntryProps, 'values' | 'onChange'> & { design: Design }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  const fields = fieldsInOrder(design);
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
        {[...first, ...(open ? rest : [])].map((field) => (
          <Entry key={field.uid} field={field} values={values} onChange={onChange} />
        ))}
        {rest.length > 0 && (
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

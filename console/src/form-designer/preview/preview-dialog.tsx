import { isDerived } from '@lianke/shared/fields/derived';
import { splitFields } from '@lianke/shared/forms/short-form';
import { Alert, Button, ConfigProvider, Modal, Skeleton } from 'antd';
import { useId, useMemo, useState } from 'react';
import type { ReadField } from '../../api/queries.js';
import { ParentRecordContext } from '../../fields/subform/parent-record.js';
import { LaidSections } from '../../records/laid-sections.js';
import { type LaidSection, laidFields, sectionsOf } from '../../records/layout.js';
import { LinkingContext } from '../../records/linking.js';
import { EmptyState } from '../../shared/empty-state.js';
import { FieldEditor } from '../../shared/field-editor.js';
import { sampleValue } from '../designer/sample-value.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { Design } from '../model/design.js';
import styles from './preview.module.css';
import { TrialAnswer } from './trial-answer.js';
import { trialLinking } from './trial-linking.js';
import { type Preview, type PreviewForm, previewForm, usePreview } from './use-preview.js';

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

interface EntryProps {
  preview: Preview;
  design: Design;
  field: ReadField;
}

function Entry({ preview: { values, rules, faults, put }, design, field }: EntryProps) {
  const text = useText();
  const id = useId();
  const state = rules.stateOf(field);
  const own = design.fields[field.id];
  const ready = field.type !== 'relation' || typeof field.config.formId === 'string';
  const { [field.key]: fault } = faults ?? {};
  const value = (isDerived(field.type) ? rules.computed : values)[field.key];
  return (
    <div className={styles.entry}>
      <label htmlFor={id} className={styles.label}>
        {(state ? state.required : field.rules.required) && <span className={styles.star}>*</span>}
        {field.name}
      </label>
      {ready ? (
        <FieldEditor
          id={id}
          field={rules.narrowed(field)}
          value={field.type === 'autonumber' && own ? sampleValue(own) : (value ?? null)}
          onChange={(next) => put(field.key, next)}
          disabled={state?.readonly === true}
          invalid={fault !== undefined}
        />
      ) : (
        <span className="muted">{text('noRelationTarget')}</span>
      )}
      {fault && <div className={styles.fault}>{fault}</div>}
      {field.hint && <div className={styles.hint}>{field.hint}</div>}
    </div>
  );
}

/** What follows from a value is asked for as the design says. */
function Both({ design }: { design: Design }) {
  const { form } = useDesigner();
  const tried = useMemo(() => previewForm(design), [design]);
  const linking = useMemo(() => trialLinking(form.id, design, tried), [form.id, design, tried]);
  return (
    <LinkingContext.Provider value={linking}>
      <Sides design={design} form={tried} />
    </LinkingContext.Provider>
  );
}

function Sides({ design, form: tried }: { design: Design; form: PreviewForm }) {
  const text = useText();
  const preview = usePreview(tried);
  const around = useMemo(() => ({ fields: tried.fields, values: preview.values }), [tried.fields, preview.values]);
  const { form, rules, faults } = preview;
  if (form.layout.sections.every((section) => section.items.length === 0))
    return <EmptyState compact title={text('previewEmpty')} />;
  const laid = {
    sections: sectionsOf(form),
    rules,
    wrong: Object.keys(faults ?? {}),
    shown: (field: ReadField) => rules.stateOf(field)?.visible !== false,
    render: (field: ReadField) => <Entry preview={preview} design={design} field={field} />,
  };
  const notice = design.settings.notice && <div className={styles.notice}>{design.settings.notice}</div>;
  return (
    <ParentRecordContext.Provider value={around}>
      <div className={styles.trial}>
        <span className="muted">{text('previewHint')}</span>
        <Button onClick={preview.submit}>{text('previewTry')}</Button>
      </div>
      <div role="status">
        <TrialAnswer form={form} faults={faults} />
      </div>
      <div className={styles.both}>
        <section aria-label={text('previewPc')}>
          <h3 className={styles.where}>{text('previewPc')}</h3>
          <div className={styles.pc}>
            <h2 className={styles.title}>{design.name}</h2>
            {notice}
            <LaidSections {...laid} look={{ section: styles.section, raster: styles.grid }} />
          </div>
        </section>
        <section aria-label={text('previewPhone')}>
          <h3 className={styles.where}>{text('previewPhone')}</h3>
          <ConfigProvider componentSize="large">
            <div className={styles.phone}>
              <div className={styles.phoneBar}>{design.name}</div>
              <div className={styles.phoneBody}>
                {notice}
                <Phone design={design} preview={preview} laid={laid} />
              </div>
              <div className={styles.phoneFoot}>
                <span className={styles.phoneButton}>{text('previewSaveNext')}</span>
                <span className={`${styles.phoneButton} ${styles.phonePrimary}`}>{text('previewSave')}</span>
              </div>
            </div>
          </ConfigProvider>
        </section>
      </div>
    </ParentRecordContext.Provider>
  );
}

type Laid = Omit<Parameters<typeof LaidSections>[0], 'look'>;

/** Required fields first, the rest folded, by the mini-app's own rule; words and tabs keep the layout's order. */
function Phone({ design, preview, laid }: { design: Design; preview: Preview; laid: Laid }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  const { form, faults = {} } = preview;
  const tabs = design.sections.some((section) => section.tab);
  const ordered = tabs || Object.keys(design.elements ?? {}).length > 0;
  const placed = laid.sections.flatMap(laidFields).map((item) => item.field);
  const visible = placed.filter((field) => laid.shown(field) && field.writable);
  const title = form.settings.titleField ?? form.fields.find((field) => field.type === 'text' && !field.system)?.id;
  const { first, more } = splitFields(visible, title, form.settings.quickFields);
  const unfolded = open || tabs || more.some((field) => faults[field.key] !== undefined);
  // What is computed follows what is filled in.
  const computed = placed.filter((field) => field.key in preview.rules.computed && laid.shown(field));
  const folded = (field: ReadField) => !unfolded && more.includes(field);
  return (
    <>
      {ordered ? (
        <LaidSections
          {...laid}
          sections={laid.sections.map(inOneColumn)}
          shown={(field) => laid.shown(field) && !folded(field)}
          look={{ section: undefined, raster: undefined }}
        />
      ) : (
        [...first, ...(unfolded ? more : []), ...computed].map((field) => (
          <Entry key={field.id} preview={preview} design={design} field={field} />
        ))
      )}
      {!tabs && more.length > 0 && (
        <Button type="text" block onClick={() => setOpen(!open)}>
          {unfolded ? text('previewLess') : text('previewMore', { n: more.length })}
        </Button>
      )}
    </>
  );
}

function inOneColumn(section: LaidSection): LaidSection {
  return { ...section, columns: 1, items: section.items.map((item) => ({ ...item, span: 1 })) };
}

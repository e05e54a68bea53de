import { shownAs } from '@lianke/shared/fields/derived';
import type { Json } from '@lianke/shared/json';
import { type RowStep, rowSteps } from '@lianke/shared/records/rows';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadField } from '../../api/queries.js';
import { isEmptyValue } from '../../fields/renderer.js';
import { innerFields } from '../../fields/subform/rows.js';
import { comma } from '../../i18n/punctuation.js';
import { FieldValue } from '../../shared/field-value.js';
import styles from './detail.module.css';

const shownSteps = 5;
const kinds = ['added', 'removed', 'changed'] as const;

function Value({ field, value }: { field: ReadField; value: Json | undefined }) {
  const { t } = useTranslation('records');
  if (isEmptyValue(value)) return <span className="muted">{t('blank')}</span>;
  return <FieldValue field={{ ...field, ...shownAs(field) } as ReadField} value={value} />;
}

function Step({ step, fields }: { step: RowStep; fields: readonly ReadField[] }) {
  const { t } = useTranslation('records');
  const told = step.fields.flatMap((key) => fields.find((field) => field.key === key) ?? []);
  const values = step.kind === 'removed' ? step.before : step.after;
  return (
    <li className={styles.rowStep}>
      <span className={`${styles.rowMark} ${styles[step.kind]}`}>
        {t('rowAt', { n: step.at + 1 })} {t(`rowKind.${step.kind}`)}
      </span>
      <span className={styles.rowFacts}>
        {told.map((field) => (
          <span key={field.key} className={styles.rowFact}>
            <span className="muted">{field.name}</span>
            {step.kind === 'changed' && (
              <>
                <span className={isEmptyValue(step.before[field.key]) ? '' : styles.before}>
                  <Value field={field} value={step.before[field.key]} />
                </span>
                <span className="muted">→</span>
              </>
            )}
            <span className={step.kind === 'removed' ? styles.before : ''}>
              <Value field={field} value={values[field.key]} />
            </span>
          </span>
        ))}
      </span>
    </li>
  );
}

/** What a change did to the rows of a subform: which came, went and changed, field by field. */
export function RowsChange({ field, before, after }: { field: ReadField; before: Json; after: Json }) {
  const { t } = useTranslation('records');
  const [all, setAll] = useState(false);
  const fields = innerFields(field);
  const steps = rowSteps(
    before,
    after,
    fields.map((item) => item.key),
  );
  const counts = kinds.flatMap((kind) => {
    const n = steps.filter((step) => step.kind === kind).length;
    return n > 0 ? [t(`rowsSummary.${kind}`, { n })] : [];
  });
  const shown = all ? steps : steps.slice(0, shownSteps);
  return (
    <>
      <span>{counts.length > 0 ? counts.join(comma()) : t('rowsSummary.moved')}</span>
      {steps.length > 0 && (
        <ul className={styles.rowSteps}>
          {shown.map((step) => (
            <Step key={step.id} step={step} fields={fields} />
          ))}
        </ul>
      )}
      {steps.length > shownSteps && (
        <Button type="link" size="small" className={styles.rowsMore ?? ''} onClick={() => setAll(!all)}>
          {all ? t('rowsLess') : t('rowsMore', { n: steps.length - shownSteps })}
        </Button>
      )}
    </>
  );
}

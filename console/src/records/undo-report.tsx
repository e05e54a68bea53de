import type { UndoRow } from '@lianke/shared/imports/api';
import { useTranslation } from 'react-i18next';
import { formatTotal } from '../shared/format.js';
import type { UndoSum } from './batch.js';

/** What an undo did in three buckets: put back, left because somebody changed it since, refused with the reason. */
export function UndoReport({ report, onFollow }: { report: UndoSum; onFollow: () => void }) {
  const { t } = useTranslation('records');
  const list = (outcome: UndoRow['outcome'], title: string) => {
    const rows = report.rows.filter((row) => row.outcome === outcome);
    if (rows.length === 0) return null;
    return (
      <section style={{ marginTop: 12 }}>
        <h4 style={{ margin: '0 0 4px' }}>{title}</h4>
        <ul style={{ margin: 0, paddingLeft: 18, maxHeight: 220, overflow: 'auto' }}>
          {rows.map((row) => (
            <li key={`${row.formId}/${row.recordId}`}>
              {row.label ? (
                // A dialog stands outside of the router's tree: an ordinary link.
                <a href={`/forms/${row.formId}/records/${row.recordId}`} onClick={onFollow}>
                  {row.label}
                </a>
              ) : (
                t('undoUnseen')
              )}
              <span className="muted"> {row.reason}</span>
            </li>
          ))}
        </ul>
      </section>
    );
  };
  return (
    <>
      <div className="tabular">
        {t('undoCounts', {
          reversed: formatTotal(report.reversed),
          kept: formatTotal(report.kept),
          failed: formatTotal(report.failed),
        })}
      </div>
      {list('kept', t('undoKept'))}
      {list('failed', t('undoFailedRows'))}
    </>
  );
}

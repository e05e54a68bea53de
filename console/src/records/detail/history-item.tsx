import { HistoryOutlined, RollbackOutlined } from '@ant-design/icons';
import type { Json } from '@lianke/shared/json';
import type { HistoryEntry } from '@lianke/shared/records/write';
import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { isEmptyValue } from '../../fields/renderer.js';
import { FieldValue } from '../../shared/field-value.js';
import { Named } from '../../shared/named.js';
import { Avatar } from '../../shared/person.js';
import styles from './detail.module.css';
import { RowsChange } from './rows-change.js';
import { useRevert } from './use-revert.js';
import { When } from './when.js';

function ChangedValue({ form, fieldKey, value }: { form: FormView; fieldKey: string; value: Json }) {
  const { t } = useTranslation('records');
  const field = form.fields.find((item) => item.key === fieldKey || item.id === fieldKey);
  if (isEmptyValue(value)) return <span className="muted">{t('blank')}</span>;
  if (!field) return <>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</>;
  return <FieldValue field={field} value={value} />;
}

function Difference({ form, change }: { form: FormView; change: HistoryEntry['changes'][number] }) {
  const [before, after] = [change.before as Json, change.after as Json];
  const rows = form.fields.find((item) => item.key === change.field && item.type === 'subform');
  if (rows) return <RowsChange field={rows} before={before} after={after} />;
  return (
    <>
      <span className={isEmptyValue(before) ? '' : styles.before}>
        <ChangedValue form={form} fieldKey={change.field} value={before} />
      </span>
      <span className="muted">→</span>
      <span>
        <ChangedValue form={form} fieldKey={change.field} value={after} />
      </span>
    </>
  );
}

interface Props {
  form: FormView;
  recordId: string;
  entry: HistoryEntry;
  /** The record may be put back to what it was. */
  mayRevert: boolean;
  /** The record's last change: it stands as this left it. */
  newest: boolean;
}

/** One change: who, from where, when, each value before and after, and the ways back. */
export function HistoryItem({ form, recordId, entry, mayRevert, newest }: Props) {
  const { t, i18n } = useTranslation('records');
  const revert = useRevert(form, recordId);
  const door = i18n.exists(`records:door.${entry.door}`) ? t(`door.${entry.door}`) : entry.door;
  const plain = entry.door === 'system' || entry.door === entry.actor.label;
  const machine = entry.actor.id === null && i18n.exists(`records:actor.${entry.actor.label}`);
  const who = machine ? t(`actor.${entry.actor.label}`) : entry.actor.label;
  const writable = (key: string) => form.fields.some((field) => field.key === key && field.writable);
  return (
    <li className={styles.entry}>
      <Avatar name={who} size={24} />
      <div style={{ minWidth: 0 }}>
        <div className={styles.entryHead}>
          <strong>
            <Named text={who} />
          </strong>
          <span>{t(`history.${entry.kind}`, { n: entry.changes.length })}</span>
          {!plain && <span className="muted">{t('byDoor', { door })}</span>}
          <When at={entry.at} />
          {mayRevert && !newest && (
            <Popconfirm title={t('revertSure')} onConfirm={() => revert({ after: entry.id as never })}>
              <Button
                className={styles.entryTool ?? ''}
                type="text"
                size="small"
                icon={<HistoryOutlined />}
                aria-label={t('revertTo')}
                title={t('revertTo')}
              />
            </Popconfirm>
          )}
        </div>
        {entry.changes.length > 0 && (
          <div className={styles.changes}>
            {entry.changes.map((change) => (
              <div key={change.field} className={styles.change}>
                <span className="muted">{change.name || t('fieldGone')}</span>
                <Difference form={form} change={change} />
                {mayRevert && writable(change.field) && (
                  <Button
                    className={styles.entryTool ?? ''}
                    type="text"
                    size="small"
                    icon={<RollbackOutlined />}
                    aria-label={t('revertField', { name: change.name })}
                    title={t('revertField', { name: change.name })}
                    onClick={() => void revert({ before: entry.id as never, fields: [change.field] })}
                  />
                )}
              </div>
            ))}
          </div>
        )}
      </div>
    </li>
  );
}

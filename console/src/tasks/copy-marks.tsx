import type { TaskCopy } from '@lianke/shared/tasks/api';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatDatetime, formatRecent } from '../shared/format.js';
import { Avatar } from '../shared/person.js';
import './words.js';
import { Named } from '../shared/named.js';

/** Who was sent a copy, by whom, and who has looked at it when. */
export function CopyMarks({ copies }: { copies: readonly TaskCopy[] }) {
  const { t } = useTranslation('taskActions');
  if (copies.length === 0) return null;
  const read = copies.filter((copy) => copy.readAt).length;
  return (
    <section className="copy-marks" aria-label={t('copies.marks')}>
      <h3>
        {t('copies.marks')} <span className="muted tabular">{t('copies.readOf', { n: read, all: copies.length })}</span>
      </h3>
      <ul>
        {copies.map((copy) => (
          <li key={`${copy.who.id}${copy.at}${copy.by?.id ?? ''}`}>
            <Avatar name={copy.who.label} />
            <span>
              <Named text={copy.who.label} />
            </span>
            <Tooltip title={formatDatetime(copy.at, 'second')}>
              <span className="muted">
                {copy.by ? t('copies.by', { who: copy.by.label }) : t('copies.flow')} {formatRecent(copy.at)}
              </span>
            </Tooltip>
            {copy.readAt ? (
              <Tooltip title={formatDatetime(copy.readAt, 'second')}>
                <span className="tint tint-green">{t('copies.readAt', { when: formatRecent(copy.readAt) })}</span>
              </Tooltip>
            ) : (
              <span className="tint tint-gray">{t('copies.notRead')}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

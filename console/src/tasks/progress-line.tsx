import type { TaskDetail } from '@lianke/shared/tasks/api';
import { Timeline, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '../api/client.js';
import { formatDatetime, formatRecent } from '../shared/format.js';
import { Avatar } from '../shared/person.js';
import { useEntryWord } from './entry-word.js';
import { spanOf } from './group-tasks.js';
import './words.js';
import { quoted } from '../i18n/punctuation.js';
import { Named } from '../shared/named.js';

type Entry = TaskDetail['progress'][number];

const colors: Record<Entry['action'], string> = {
  started: 'blue',
  waiting: 'orange',
  queued: 'gray',
  approved: 'green',
  rejected: 'red',
  transferred: 'blue',
  closed: 'gray',
  withdrawn: 'gray',
  held: 'orange',
  returned: 'orange',
  removed: 'gray',
  chose: 'blue',
  resubmitted: 'blue',
  informed: 'blue',
  filled: 'blue',
  unlocked: 'gray',
  stayed: 'red',
};

/** Who did what when, and how long each waited. */
export function ProgressLine({ progress, now = new Date() }: { progress: readonly Entry[]; now?: Date }) {
  const { t } = useTranslation('tasks');
  const { t: a } = useTranslation('taskActions');
  const say = (from: string, to: string): string => {
    const { unit, n } = spanOf(from, to);
    return t(`approval.${unit}`, { n });
  };
  const asked = (ask: Entry['ask'], text: string): string =>
    ask === 'choose' ? text : a(ask === 'resubmit' ? 'returnedFor' : 'question', { text });
  const wordOf = useEntryWord();
  let last: string | undefined;
  const items = progress.map((entry, index) => {
    const before = last;
    if (entry.at) last = entry.at;
    const since = entry.at ?? before;
    let waited = '';
    if (entry.action === 'waiting' && since) waited = t('approval.waiting', { for: say(since, now.toISOString()) });
    else if (entry.action !== 'started' && before && entry.at)
      waited = t('approval.took', { for: say(before, entry.at) });
    return {
      key: index,
      color: colors[entry.action],
      content: (
        <div>
          <div style={{ display: 'flex', gap: 6, alignItems: 'center', flexWrap: 'wrap' }}>
            {entry.who && <Avatar name={entry.who.label} />}
            <b>
              <Named text={entry.who?.label ?? entry.node} />
            </b>
            {entry.actingFor && (
              <span className="muted">
                <Named text={a('acting', { who: entry.actingFor.label })} />
              </span>
            )}
            <span style={entry.undone ? { textDecoration: 'line-through' } : undefined}>{wordOf(entry)}</span>
            {entry.role !== 'approver' && entry.role !== 'starter' && (
              <span className="tint tint-blue">{a(`role.${entry.role}`)}</span>
            )}
            {entry.undone && <span className="muted">{a('undone')}</span>}
            {entry.to && (
              <>
                <Avatar name={entry.to.label} />
                <b>
                  <Named text={entry.to.label} />
                </b>
              </>
            )}
          </div>
          <div className="muted" style={{ fontSize: 13 }}>
            {entry.node}
            {entry.at && entry.action !== 'waiting' && (
              <Tooltip title={formatDatetime(entry.at, 'second')}>
                <span>
                  {t('comma')}
                  {formatRecent(entry.at, now)}
                </span>
              </Tooltip>
            )}
            {waited && `${t('comma')}${waited}`}
          </div>
          {entry.auto && <div className="muted">{a(`auto.${entry.auto}`)}</div>}
          {entry.question && <div className="muted">{asked(entry.ask, entry.question)}</div>}
          {entry.comment && <div>{quoted(entry.comment)}</div>}
          {entry.signature && <img className="approval-sign" src={fileUrl(entry.signature)} alt={a('signature')} />}
          {entry.attachments.map((file) => (
            <a key={file.id} href={fileUrl(file.id)} target="_blank" rel="noreferrer" style={{ display: 'block' }}>
              {file.name}
            </a>
          ))}
        </div>
      ),
    };
  });
  return <Timeline items={items} />;
}

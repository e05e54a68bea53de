import { useEffect, useRef, useState } from 'react';
import type { LogEntry, LogView, StageView } from '../../src/stage/contract.js';
import { remove } from '../api.js';
import { preciseClock } from '../format.js';
import { useLanguage } from '../i18n.js';
import { useLive } from '../live.js';
import { FaultPanel } from './fault-panel.js';

type Kind = 'all' | 'in' | 'out' | 'page' | 'failed';

interface LogPanelProps {
  stage: StageView;
  shown: { id: number; asked: number } | null;
}

/** The calls between the application and the platform, newest first, each to be opened. */
export function LogPanel({ stage, shown }: LogPanelProps) {
  const { t } = useLanguage();
  const [kind, setKind] = useState<Kind>('all');
  const [text, setText] = useState('');
  const [faults, setFaults] = useState(false);
  const [opened, setOpened] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const query = new URLSearchParams({ limit: '200' });
  if (kind === 'failed') query.set('failed', '1');
  else if (kind !== 'all') query.set('direction', kind);
  if (text.trim() !== '') query.set('text', text.trim());
  const { data } = useLive<LogView>(`log?${query}`, (event) => event.kind === 'log');
  const items = data?.items ?? [];

  useEffect(() => {
    if (!shown) return;
    setKind('all');
    setText('');
    setOpened(shown.id);
  }, [shown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scroll when a call is asked for and once its list is there
  useEffect(() => {
    if (shown) list.current?.querySelector(`[data-call="${shown.id}"]`)?.scrollIntoView({ block: 'center' });
  }, [shown, data]);

  const kinds: { key: Kind; label: string }[] = [
    { key: 'all', label: t('all') },
    { key: 'in', label: t('toPlatform') },
    { key: 'out', label: t('toApp') },
    { key: 'page', label: t('pages') },
    { key: 'failed', label: t('failedOnly') },
  ];
  const active =
    stage.faults.length + (stage.switches.callbackDuplicate ? 1 : 0) + (stage.switches.callbackOutOfOrder ? 1 : 0);
  return (
    <section className="log">
      <header>
        <h2>{t('log')}</h2>
        <button
          type="button"
          className={`plain${active > 0 ? ' warm' : ''}`}
          aria-expanded={faults}
          onClick={() => setFaults(!faults)}
        >
          {t('switches')}
          {active > 0 ? ` · ${active}` : ''}
        </button>
        <button type="button" className="plain" onClick={() => void remove('log')}>
          {t('clear')}
        </button>
      </header>
      {faults ? <FaultPanel stage={stage} /> : null}
      <div className="log-filter">
        <input
          type="search"
          value={text}
          placeholder={t('filter')}
          aria-label={t('filter')}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="log-kinds">
          {kinds.map((each) => (
            <button
              key={each.key}
              type="button"
              className={each.key === kind ? 'on' : undefined}
              onClick={() => setKind(each.key)}
            >
              {each.label}
            </button>
          ))}
        </div>
      </div>
      <div className="log-list" ref={list}>
        {data && items.length === 0 ? (
          <div className="log-empty">
            <b>{t('logEmpty')}</b>
            <p>{t('logEmptyHint')}</p>
          </div>
        ) : null}
        {items.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            open={entry.id === opened}
            stage={stage}
            onToggle={() => setOpened(entry.id === opened ? null : entry.id)}
          />
        ))}
      </div>
    </section>
  );
}

const ARROWS = { in: '→', out: '←', page: '◻' } as const;

function bad(entry: LogEntry): boolean {
  return (entry.errcode ?? 0) !== 0 || entry.status === 0 || entry.status >= 400;
}

function shortPath(path: string): string {
  try {
    return path.startsWith('http') ? new URL(path).pathname : path.replace('/cgi-bin/', '');
  } catch {
    return path;
  }
}

function Entry({
  entry,
  open,
  stage,
  onToggle,
}: {
  entry: LogEntry;
  open: boolean;
  stage: StageView;
  onToggle: () => void;
}) {
  const { t } = useLanguage();
  const corp = stage.people[0]?.corps.find((each) => each.corpId === entry.corpId)?.corpName;
  return (
    <div className={`call ${entry.direction}${bad(entry) ? ' bad' : ''}${open ? ' open' : ''}`} data-call={entry.id}>
      <button type="button" aria-expanded={open} onClick={onToggle}>
        <span
          className="call-arrow"
          title={entry.direction === 'in' ? t('toPlatform') : entry.direction === 'out' ? t('toApp') : t('pages')}
        >
          {ARROWS[entry.direction]}
        </span>
        <span className="call-path">{shortPath(entry.path)}</span>
        <span className="call-result">
          {entry.errcode !== null && entry.errcode !== 0 ? entry.errcode : entry.status === 0 ? '—' : entry.status}
        </span>
        <span className="call-meta">
          {preciseClock(entry.at)} · {entry.method} · {entry.ms} ms{corp ? ` · ${corp}` : ''}
        </span>
      </button>
      {open ? (
        <div className="call-body">
          {entry.warnings.length > 0 ? <Block title={t('warnings')} value={entry.warnings.join('\n')} /> : null}
          {Object.keys(entry.query).length > 0 ? (
            <Block title={t('query')} value={entry.query} />
          ) : entry.path.startsWith('http') ? (
            <Block title="URL" value={entry.path} />
          ) : null}
          {entry.request !== null ? <Block title={t('request')} value={entry.request} /> : null}
          <Block title={t('response')} value={entry.response} />
        </div>
      ) : null}
    </div>
  );
}

function Block({ title, value }: { title: string; value: unknown }) {
  return (
    <div className="call-block">
      <h5>{title}</h5>
      <pre>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </div>
  );
}

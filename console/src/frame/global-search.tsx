import { SearchOutlined } from '@ant-design/icons';
import type { RecordLink } from '@lianke/shared/records/shortcuts';
import { useQuery } from '@tanstack/react-query';
import { Input, Modal, Spin } from 'antd';
import { Fragment, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type AppView, useApps } from '../api/queries.js';
import { useFavourites, useRecents } from '../records/use-shortcuts.js';
import { isComposing } from '../shared/is-composing.js';
import { useDebounced } from '../shared/use-debounced.js';
import frame from './frame.module.css';
import styles from './search.module.css';

interface Hit {
  key: string;
  path: string;
  label: string;
  note: string;
  /** Heading above the first of its kind. */
  group: 'favourites' | 'recents' | 'pages' | 'records';
}

const mostShown = 8;
const hitOf =
  (group: Hit['group']) =>
  (item: RecordLink): Hit => ({
    key: `${group}/${item.id}`,
    path: `/apps/${item.appId}/forms/${item.formId}/records/${item.id}`,
    label: item.label === '' ? item.formName : item.label,
    note: item.formName,
    group,
  });

/** Forms and pages whose name holds the text. */
function pagesOf(apps: readonly AppView[], text: string): Hit[] {
  return apps
    .flatMap((app) => app.items.map((item) => ({ app, item })))
    .filter(({ item }) => item.name.toLowerCase().includes(text.toLowerCase()))
    .slice(0, mostShown)
    .map(({ app, item }) => ({
      key: `pages/${item.id}`,
      path: `/apps/${app.id}/${item.kind === 'form' ? 'forms' : 'dashboards'}/${item.id}`,
      label: item.name,
      note: app.name,
      group: 'pages',
    }));
}

/** What the palette offers: favourites and the recently opened at first, then pages and records that match. */
function useHits(text: string): { hits: Hit[]; busy: boolean; error: unknown } {
  const wanted = [...text].length >= 2;
  const apps = useApps();
  const favourites = useFavourites();
  const recents = useRecents();
  const found = useQuery({
    queryKey: ['search', text],
    queryFn: async () => (await api('search.all', { body: { text } })).items,
    enabled: wanted,
    staleTime: 10_000,
  });
  if (text === '') {
    const starred = (favourites.data ?? []).slice(0, mostShown).map(hitOf('favourites'));
    const opened = (recents.data ?? []).slice(0, mostShown).map(hitOf('recents'));
    return { hits: [...starred, ...opened], busy: false, error: null };
  }
  const records = wanted ? (found.data ?? []).map(hitOf('records')) : [];
  return {
    hits: [...pagesOf(apps.data ?? [], text), ...records],
    busy: wanted && found.isPending,
    error: wanted ? found.error : null,
  };
}

function SearchBox({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('frame');
  const navigate = useNavigate();
  const [text, setText] = useState('');
  /** The text without pinyin that is still being composed. */
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  const settled = useDebounced(asked.trim(), 150);
  const { hits, busy, error } = useHits(settled);
  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    navigate(hit.path);
  };
  return (
    <div>
      <Input
        size="large"
        variant="borderless"
        autoFocus
        prefix={<SearchOutlined />}
        suffix={busy ? <Spin size="small" /> : null}
        placeholder={t('searchHint')}
        aria-label={t('searchAll')}
        aria-controls="search-hits"
        aria-activedescendant={hits[at] ? `hit-${at}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if ((event.nativeEvent as InputEvent).isComposing) return;
          setAsked(event.target.value);
          setAt(0);
        }}
        onCompositionEnd={(event) => {
          setAsked(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return;
          if (event.key === 'ArrowDown') setAt((now) => Math.min(now + 1, hits.length - 1));
          else if (event.key === 'ArrowUp') setAt((now) => Math.max(now - 1, 0));
          else if (event.key === 'Enter') open(hits[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div id="search-hits" className={styles.hits} role="listbox" aria-label={t('searchAll')}>
        {settled === '' && hits.length === 0 && <div className={styles.note}>{t('searchEmpty')}</div>}
        {error ? <div className={styles.note}>{messageOf(error)}</div> : null}
        {settled !== '' && !busy && !error && hits.length === 0 && (
          <div className={styles.note}>{t('searchNone', { text: settled })}</div>
        )}
        {hits.map((hit, index) => (
          <Fragment key={hit.key}>
            {hits[index - 1]?.group !== hit.group && <div className={styles.note}>{t(`group_${hit.group}`)}</div>}
            <button
              type="button"
              role="option"
              id={`hit-${index}`}
              aria-selected={index === at}
              className={index === at ? `${styles.hit} ${styles.hitActive}` : styles.hit}
              onMouseEnter={() => setAt(index)}
              onClick={() => open(hit)}
            >
              <span className="ellipsis">{hit.label}</span>
              <span className="muted">{hit.note}</span>
            </button>
          </Fragment>
        ))}
      </div>
    </div>
  );
}

/** The palette: search over every form and page the reader may see; Ctrl+K (⌘K) opens it from anywhere. */
export function GlobalSearch() {
  const { t } = useTranslation('frame');
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <button type="button" className={frame.search} onClick={() => setOpen(true)}>
        <SearchOutlined />
        {t('searchAll')}
        <kbd>Ctrl K</kbd>
      </button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        footer={null}
        closable={false}
        destroyOnHidden
        width={560}
        style={{ top: 96 }}
        styles={{ container: { padding: 8 } }}
      >
        <SearchBox onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

import { SearchOutlined } from '@ant-design/icons';
import type { FormId } from '@lianke/shared/ids';
import { useQueries } from '@tanstack/react-query';
import { Input, Modal, Spin } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { type FormView, keys, useForms } from '../api/queries.js';
import { useDebounced } from '../shared/use-debounced.js';
import frame from './frame.module.css';
import styles from './search.module.css';

interface Hit {
  form: FormView;
  id: string;
  label: string;
}

function useHits(text: string): { hits: Hit[]; busy: boolean } {
  const forms = useForms();
  const wanted = [...text].length >= 2;
  const results = useQueries({
    queries: (wanted ? (forms.data ?? []) : []).map((form) => ({
      queryKey: keys.data(form.id, 'global', text),
      queryFn: () =>
        api('records.query', {
          params: { formId: form.id as FormId },
          body: { search: text, limit: 5, total: false, fields: [] },
        }),
      staleTime: 10_000,
    })),
  });
  const hits = (forms.data ?? []).flatMap((form, index) =>
    (results[index]?.data?.items ?? []).map((item) => ({ form, id: item.id, label: item.label })),
  );
  return { hits: wanted ? hits : [], busy: wanted && (forms.isPending || results.some((result) => result.isPending)) };
}

function SearchBox({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('frame');
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const settled = useDebounced(text.trim(), 200);
  const { hits, busy } = useHits(settled);
  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    navigate(`/apps/${hit.form.appId}/forms/${hit.form.id}/records/${hit.id}`);
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
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'ArrowDown') setAt((now) => Math.min(now + 1, hits.length - 1));
          else if (event.key === 'ArrowUp') setAt((now) => Math.max(now - 1, 0));
          else if (event.key === 'Enter') open(hits[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div className={styles.hits} role="listbox" aria-label={t('searchAll')}>
        {[...settled].length < 2 && <div className={styles.note}>{t('searchEmpty')}</div>}
        {[...settled].length >= 2 && !busy && hits.length === 0 && (
          <div className={styles.note}>{t('searchNone', { text: settled })}</div>
        )}
        {hits.map((hit, index) => (
          <button
            type="button"
            role="option"
            aria-selected={index === at}
            key={`${hit.form.id}/${hit.id}`}
            className={index === at ? `${styles.hit} ${styles.hitActive}` : styles.hit}
            onMouseEnter={() => setAt(index)}
            onClick={() => open(hit)}
          >
            <span className="ellipsis">{hit.label}</span>
            <span className="muted">{hit.form.name}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** Search over every form the reader may see; Ctrl+K (⌘K) opens it from anywhere. */
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

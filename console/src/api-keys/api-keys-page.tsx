import { PlusOutlined } from '@ant-design/icons';
import type { ApiKeyView } from '@lianke/shared/api-keys/contracts';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Guard } from '../admin/guard.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import styles from './api-keys.module.css';
import { HowTo } from './how-to.js';
import { useKeyText } from './i18n.js';
import { KeyDialog } from './key-dialog.js';
import { KeyLine } from './key-line.js';
import { MadeKeyDialog } from './made-key-dialog.js';
import { useApiKeys } from './use-api-keys.js';

/** `/admin/api-keys`, 开放接口: keys by which other systems read and write data, and how they do. */
export function ApiKeysPage() {
  return (
    <Guard need="admin">
      <Keys />
    </Guard>
  );
}

function Keys() {
  const text = useKeyText();
  const keys = useApiKeys();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ key: ApiKeyView; secret: string }>();
  const [showEnded, setShowEnded] = useState(false);
  if (keys.error && !keys.data) return <PageError error={keys.error} retry={() => void keys.refetch()} />;
  const ended = (keys.data ?? []).filter((key) => key.state === 'revoked' || key.state === 'expired');
  const living = (keys.data ?? []).filter((key) => !ended.includes(key));
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
      {text('add')}
    </Button>
  );
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{text('title')}</h1>
        {living.length > 0 && add}
      </div>
      <p className="muted">{text('hint')}</p>
      <section className={styles.card}>
        {keys.isPending && <Skeleton active />}
        {keys.data && living.length === 0 && (
          <EmptyState compact title={text('empty')} hint={text('emptyHint')} action={add} />
        )}
        {living.length > 0 && (
          <ul className={styles.list}>
            {living.map((key) => (
              <KeyLine key={key.id} item={key} />
            ))}
          </ul>
        )}
        {ended.length > 0 && (
          <>
            <Button
              type="link"
              size="small"
              style={{ paddingInline: 0, marginTop: 8 }}
              aria-expanded={showEnded}
              onClick={() => setShowEnded(!showEnded)}
            >
              {text('ended', { n: ended.length })}
            </Button>
            {showEnded && (
              <ul className={styles.list}>
                {ended.map((key) => (
                  <KeyLine key={key.id} item={key} />
                ))}
              </ul>
            )}
          </>
        )}
      </section>
      <HowTo />
      {making && (
        <KeyDialog
          onClose={() => setMaking(false)}
          onMade={(answer) => {
            setMaking(false);
            setMade(answer);
          }}
        />
      )}
      {made && <MadeKeyDialog made={made} onClose={() => setMade(undefined)} />}
    </div>
  );
}

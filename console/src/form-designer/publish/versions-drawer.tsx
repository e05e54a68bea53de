import type { FormVersion } from '@lianke/shared/forms/versions';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Drawer, Skeleton, Tag } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { semicolon } from '../../i18n/punctuation.js';
import { formatDatetime } from '../../shared/format.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { designOf } from '../model/design.js';
import { PreviewOf } from '../preview/preview-dialog.js';
import styles from './publish.module.css';
import { RestoreDialog } from './restore-dialog.js';

/** 版本: who published what when; an old version is looked at or brought back, which is a publish like any other. */
export function VersionsDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const text = useText();
  const { form } = useDesigner();
  const [shown, setShown] = useState<number>();
  const [asked, setAsked] = useState<number>();
  const versions = useQuery({
    queryKey: ['formVersions', form.id],
    queryFn: async () => (await api('forms.versions', { params: { formId: form.id } })).items,
    enabled: open,
    staleTime: 0,
  });
  const old = useQuery({
    queryKey: ['formVersions', form.id, shown],
    queryFn: () => api('forms.version', { params: { formId: form.id, version: String(shown) } }),
    enabled: shown !== undefined,
  });

  return (
    <>
      <Drawer open={open} onClose={onClose} title={text('versions')} size={440}>
        <p className="muted">{text('versionsHint')}</p>
        {versions.isPending && <Skeleton active />}
        {versions.error && <Alert type="error" showIcon title={messageOf(versions.error)} />}
        {versions.data?.map((version) => (
          <div key={version.version} className={styles.version}>
            <div className={styles.versionHead}>
              <strong>{text('versionN', { n: version.version })}</strong>
              {version.current && <Tag color="green">{text('versionCurrent')}</Tag>}
              {version.restored !== null && <Tag>{text('versionFrom', { n: version.restored })}</Tag>}
              {!version.current && (
                <span className={styles.versionActions}>
                  <Button size="small" onClick={() => setShown(version.version)}>
                    {text('versionView')}
                  </Button>
                  <Button size="small" type="primary" ghost onClick={() => setAsked(version.version)}>
                    {text('versionRestore')}
                  </Button>
                </span>
              )}
            </div>
            <div className="muted">
              {formatDatetime(version.at)} {version.by?.name}
            </div>
            {version.note && <div>{version.note}</div>}
            <Changes version={version} />
          </div>
        ))}
      </Drawer>
      <PreviewOf
        open={shown !== undefined}
        title={text('versionN', { n: shown ?? 0 })}
        design={old.data ? designOf(old.data) : undefined}
        error={old.error ? messageOf(old.error) : undefined}
        onClose={() => setShown(undefined)}
      />
      <RestoreDialog version={asked} onClose={() => setAsked(undefined)} onRestored={onClose} />
    </>
  );
}

function Changes({ version: { changes } }: { version: FormVersion }) {
  const text = useText();
  if (!changes) return null;
  const list = (names: string[]) => names.join(text('aspectSeparator'));
  const lines = [
    ...(changes.added.length > 0 ? [text('changeAdded', { list: list(changes.added) })] : []),
    ...(changes.changed.length > 0 ? [text('changeChanged', { list: list(changes.changed) })] : []),
    ...(changes.removed.length > 0 ? [text('changeRemoved', { list: list(changes.removed) })] : []),
    ...(changes.renamed ? [text('diffRenamed', changes.renamed)] : []),
    ...(changes.layout ? [text('diffLayout')] : []),
    ...(changes.settings ? [text('diffSettings')] : []),
  ];
  return <div>{lines.length > 0 ? lines.join(semicolon()) : text('changeNone')}</div>;
}

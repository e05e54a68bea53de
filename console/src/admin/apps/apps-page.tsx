import type { Principal } from '@lianke/shared/apps/access';
import type { AppId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Radio, Skeleton } from 'antd';
import { useState } from 'react';
import { PrincipalsPicker } from '../../access/principals-picker.js';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type AppView, keys, useApps } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { EmptyState } from '../../shared/empty-state.js';
import { useTrialText } from '../../trials/i18n.js';
import { TrialRow } from '../../trials/trial-row.js';
import admin from '../admin.module.css';
import { Guard } from '../guard.js';
import { useText } from '../i18n.js';
import { SaveBar } from '../roles/save-bar.js';
import styles from './apps-page.module.css';

interface Rules {
  visibleTo: Principal[] | null;
  admins: Principal[];
}

/** 应用权限: who sees each app, and who may change it. */
export function AppsPage() {
  return (
    <Guard need="admin">
      <AppRules />
    </Guard>
  );
}

function AppRules() {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const apps = useApps();
  const [drafts, setDrafts] = useState<Record<string, Rules>>({});
  const [busy, setBusy] = useState(false);
  if (apps.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (apps.error) return <PageError error={apps.error} retry={() => void apps.refetch()} />;

  const save = async () => {
    setBusy(true);
    try {
      for (const [appId, rules] of Object.entries(drafts)) {
        await api('apps.access.set', { params: { appId: appId as AppId }, body: rules });
        setDrafts(({ [appId]: _, ...rest }) => rest);
      }
      message.success(text('savedToast'));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['appAccess'] }),
        client.invalidateQueries({ queryKey: keys.apps }),
      ]);
      setBusy(false);
    }
  };

  return (
    <div className={styles.page}>
      <p className="muted">{text('appsHint')}</p>
      {apps.data.length === 0 && <EmptyState title={text('noApps')} />}
      {apps.data.map((app) => (
        <OneApp
          key={app.id}
          app={app}
          draft={drafts[app.id]}
          onChange={(rules) => setDrafts((old) => ({ ...old, [app.id]: rules }))}
        />
      ))}
      <SaveBar
        dirty={Object.keys(drafts).length > 0}
        busy={busy}
        onSave={() => void save()}
        onDiscard={() => setDrafts({})}
      />
    </div>
  );
}

function OneApp({
  app,
  draft,
  onChange,
}: {
  app: AppView;
  draft: Rules | undefined;
  onChange: (rules: Rules) => void;
}) {
  const text = useText();
  const trial = useTrialText();
  const stored = useQuery({
    queryKey: ['appAccess', app.id],
    queryFn: () => api('apps.access.get', { params: { appId: app.id } }),
  });
  const bare = (list: readonly Principal[]): Principal[] => list.map(({ kind, id }) => ({ kind, id }));
  const rules: Rules | undefined =
    draft ??
    (stored.data && {
      visibleTo: stored.data.visibleTo && bare(stored.data.visibleTo),
      admins: bare(stored.data.admins),
    });
  return (
    <section className={admin.card}>
      <h2>{app.name}</h2>
      {stored.error && <Alert type="error" showIcon title={messageOf(stored.error)} />}
      {!rules && !stored.error && <Skeleton active title={false} />}
      {rules && (
        <div className={styles.rules}>
          <span>{text('appVisible')}</span>
          <div className={styles.choice}>
            <Radio.Group
              value={rules.visibleTo === null ? 'all' : 'some'}
              onChange={(event) => onChange({ ...rules, visibleTo: event.target.value === 'all' ? null : [] })}
              options={[
                { value: 'all', label: text('appVisibleAll') },
                { value: 'some', label: text('appVisibleSome') },
              ]}
            />
            {rules.visibleTo !== null && (
              <PrincipalsPicker
                label={text('appVisible')}
                value={rules.visibleTo}
                onChange={(visibleTo) => onChange({ ...rules, visibleTo })}
              />
            )}
            {rules.visibleTo?.length === 0 && <span className="muted">{text('appVisibleNobody')}</span>}
          </div>
          <span>{text('appAdmins')}</span>
          <div className={styles.choice}>
            <PrincipalsPicker
              label={text('appAdmins')}
              value={rules.admins}
              onChange={(admins) => onChange({ ...rules, admins })}
            />
            <span className="muted">{text('appAdminsHint')}</span>
          </div>
          <span>{trial('title')}</span>
          <div className={styles.choice}>
            <TrialRow appId={app.id} />
          </div>
        </div>
      )}
    </section>
  );
}

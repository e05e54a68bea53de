import type { SidebarSettings } from '@lianke/shared/chat/sidebar';
import type { ConnectionId, FormId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { useText } from '../i18n.js';
import { Labelled, Step } from './step.js';
import type { Connection } from './use-connection.js';

/** 客户联系与侧边栏: whether customers can be read, the page to enter, and which form holds them. Nothing else waits for it. */
export function SidebarStep({ n, connection }: { n: number; connection: Connection | undefined }) {
  const text = useText();
  if (!connection?.secretSet)
    return (
      <Step n={n} title={text('stepSidebar')} where={text('stepSidebarWhere')} ok={null} message={text('optional')}>
        <div className="muted">{text('sidebarSaveFirst')}</div>
      </Step>
    );
  return <Sidebar n={n} connectionId={connection.id} />;
}

function Sidebar({ n, connectionId }: { n: number; connectionId: ConnectionId }) {
  const text = useText();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const key = ['sidebar', connectionId];
  const params = { connectionId };
  const setup = useQuery({ queryKey: key, queryFn: () => api('sidebar.setup', { params }) });
  const { data } = setup;
  const run = async (call: () => Promise<NonNullable<typeof data>>) => {
    setBusy(true);
    try {
      client.setQueryData(key, await call());
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const save = (settings: SidebarSettings) => run(() => api('sidebar.saveSetup', { params, body: settings }));
  const chosen = data?.forms.find((form) => form.id === data.form?.id);
  return (
    <Step
      n={n}
      title={text('stepSidebar')}
      where={text('stepSidebarWhere')}
      ok={data?.ok ?? null}
      message={data ? `${text('optional')} · ${data.message}` : text('optional')}
    >
      {setup.error && !data ? <div className="muted">{messageOf(setup.error)}</div> : null}
      {data ? (
        <>
          <div>
            <Button loading={busy} onClick={() => void run(() => api('sidebar.check', { params }))}>
              {text('sidebarCheck')}
            </Button>
          </div>
          <Labelled label={text('sidebarUrl')}>
            <CopyLine name={text('sidebarUrl')} value={data.url} />
          </Labelled>
          <div className={styles.pair}>
            <Labelled id="sidebar-form" label={text('sidebarForm')}>
              <Select<string>
                id="sidebar-form"
                style={{ width: '100%' }}
                value={data.form?.id ?? null}
                placeholder={text('sidebarNoForm')}
                disabled={busy}
                showSearch={{ optionFilterProp: 'label' }}
                onChange={(formId) => void save({ formId: formId as FormId })}
                options={data.forms.map((form) => ({ value: form.id as string, label: form.name }))}
              />
            </Labelled>
            <Labelled id="sidebar-tags" label={text('sidebarTags')}>
              <Select<string>
                id="sidebar-tags"
                style={{ width: '100%' }}
                value={data.tagField?.key ?? null}
                placeholder={text('sidebarNoTags')}
                disabled={busy || !chosen || chosen.tagFields.length === 0}
                onChange={(tagField) => void save({ ...data.settings, formId: data.form?.id, tagField })}
                options={(chosen?.tagFields ?? []).map((field) => ({ value: field.key, label: field.name }))}
              />
            </Labelled>
            <Labelled id="sidebar-follow-up" label={text('sidebarFollowUp')}>
              <Select<string>
                id="sidebar-follow-up"
                style={{ width: '100%' }}
                value={data.followUp?.id ?? null}
                placeholder={text('sidebarNoFollowUp')}
                disabled={busy || !chosen || chosen.followUps.length === 0}
                onChange={(id) => void save({ ...data.settings, formId: data.form?.id, followUpFormId: id as FormId })}
                options={(chosen?.followUps ?? []).map((form) => ({ value: form.id as string, label: form.name }))}
              />
            </Labelled>
          </div>
          <div className="muted">{text(data.openedAt ? 'sidebarOpened' : 'sidebarNotOpened')}</div>
        </>
      ) : (
        <Skeleton active title={false} />
      )}
    </Step>
  );
}

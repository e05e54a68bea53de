import { BarChartOutlined, NodeIndexOutlined, TableOutlined } from '@ant-design/icons';
import type { AppId, DashboardId, FlowId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Modal, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys, useRenewApp } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatDatetime, formatNumber } from '../../shared/format.js';
import { useText } from '../i18n.js';
import styles from './app-bin.module.css';
import { useRestoreForm } from './use-restore-form.js';

interface Item {
  kind: 'form' | 'flow' | 'dashboard';
  id: string;
  name: string;
  deletedAt: string;
  /** What else is said of it. */
  line: string;
}

const icons: Record<Item['kind'], ReactNode> = {
  form: <TableOutlined />,
  flow: <NodeIndexOutlined />,
  dashboard: <BarChartOutlined />,
};
const kindKeys = { form: 'deletedKindForm', flow: 'deletedKindFlow', dashboard: 'deletedKindDashboard' } as const;

/** 回收站 of an app: its deleted forms, flows and pages, the last deleted first. */
export function AppBin({ appId, open, onClose }: { appId: AppId; open: boolean; onClose: () => void }) {
  const text = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const renew = useRenewApp();
  const restoreForm = useRestoreForm();
  const { message } = App.useApp();
  const [busy, setBusy] = useState<string>();
  const bin = useQuery({
    queryKey: ['appBin', appId],
    queryFn: async (): Promise<Item[]> => {
      const params = { appId };
      const [forms, flows, pages] = await Promise.all([
        api('forms.deleted', { params }),
        api('flows.deleted', { params }),
        api('dashboards.deleted', { params }),
      ]);
      const time = (item: { deletedAt: string }) => formatDatetime(item.deletedAt);
      const by = (item: { deletedAt: string; deletedBy: string }) =>
        text('deletedBy', { who: item.deletedBy, time: time(item) });
      const items: Item[] = [
        ...forms.items.map((item) => ({
          ...item,
          kind: 'form' as const,
          line: text('deletedFormLine', { n: formatNumber(item.records), time: time(item) }),
        })),
        ...flows.items.map((item) => ({ ...item, kind: 'flow' as const, line: by(item) })),
        ...pages.items.map((item) => ({ ...item, kind: 'dashboard' as const, line: by(item) })),
      ];
      return items.sort((a, b) => (a.deletedAt < b.deletedAt ? 1 : -1));
    },
    enabled: open,
    staleTime: 0,
  });

  /** Answers where the restored thing is to be seen. */
  async function bringBack({ kind, id, name }: Item): Promise<string | undefined> {
    if (kind === 'form') return (await restoreForm(id)) ? `/apps/${appId}/forms/${id}` : undefined;
    if (kind === 'flow') {
      const flow = await api('flows.undelete', { params: { id: id as FlowId } });
      await client.invalidateQueries({ queryKey: keys.flows() });
      message.success(text('flowRestored', { name }));
      return `/apps/${appId}/forms/${flow.formId}/manage/flows`;
    }
    await api('dashboards.restore', { params: { id: id as DashboardId } });
    await renew();
    return `/apps/${appId}/dashboards/${id}`;
  }

  async function restore(item: Item) {
    setBusy(item.id);
    try {
      const path = await bringBack(item);
      await client.invalidateQueries({ queryKey: ['appBin'] });
      if (path) {
        onClose();
        navigate(path);
      }
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  }

  return (
    <Modal open={open} width={600} title={text('deletedForms')} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">{text('deletedFormsHint')}</p>
      {bin.isPending && <Skeleton active />}
      {bin.error && <Alert type="error" showIcon title={messageOf(bin.error)} />}
      {bin.data?.length === 0 && <EmptyState compact title={text('deletedFormsNone')} />}
      <ul className={styles.list}>
        {bin.data?.map((item) => (
          <li key={item.id} className={styles.item}>
            <span className={styles.icon} title={text(kindKeys[item.kind])}>
              {icons[item.kind]}
            </span>
            <span className={styles.main}>
              <span className="ellipsis">
                {item.name} <span className="tint tint-gray">{text(kindKeys[item.kind])}</span>
              </span>
              <span className="muted">{item.line}</span>
            </span>
            <Button size="small" loading={busy === item.id} onClick={() => void restore(item)}>
              {text('restore')}
            </Button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

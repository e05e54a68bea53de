import {
  BarChartOutlined,
  DeleteOutlined,
  EditOutlined,
  ExportOutlined,
  FileExcelOutlined,
  ImportOutlined,
  PlusOutlined,
  RestOutlined,
  TableOutlined,
} from '@ant-design/icons';
import type { AppId } from '@lianke/shared/ids';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type AppView, keys, useMe, useRenewApp } from '../api/queries.js';
import { NameDialog } from '../shared/name-dialog.js';

const NewFormDialog = lazy(async () => ({
  default: (await import('../form-designer/new-form-dialog.js')).NewFormDialog,
}));

const ExportDialog = lazy(async () => ({
  default: (await import('../app-packages/export-dialog.js')).ExportDialog,
}));

const AppBin = lazy(async () => ({
  default: (await import('../form-designer/bin/app-bin.js')).AppBin,
}));

type Kind = 'form' | 'page';

/** Makes a form or page of an app by its name and opens its designer; `dialog` is to be rendered. */
export function useAddToApp(app: Pick<AppView, 'id'> | undefined) {
  const { t } = useTranslation('frame');
  const navigate = useNavigate();
  const client = useQueryClient();
  const renew = useRenewApp();
  const [asking, setAsking] = useState<Kind>();

  async function create(name: string) {
    if (!app) return;
    const dashboard = await api('dashboards.create', { body: { appId: app.id, name, publish: false } });
    setAsking(undefined);
    // Before the app's list is read again: an empty app's page would go to its first item by itself.
    navigate(`/apps/${app.id}/dashboards/${dashboard.id}/design`);
    void Promise.all([renew(), client.invalidateQueries({ queryKey: keys.dashboards() })]);
  }

  const close = () => setAsking(undefined);
  const dialog = (
    <>
      <NameDialog
        open={asking === 'page'}
        title={t('newPage')}
        label={t('pageName')}
        placeholder={t('pageNameHint')}
        onCancel={close}
        onSubmit={create}
      />
      {app && asking === 'form' && (
        <Suspense fallback={null}>
          <NewFormDialog appId={app.id} open onClose={close} />
        </Suspense>
      )}
    </>
  );
  return {
    dialog,
    addForm: () => setAsking('form'),
    addPage: () => setAsking('page'),
    fromExcel: () => app && navigate(`/apps/${app.id}/import`),
  };
}

/** 「＋」 over the app's navigation. */
export function AddToApp({ app }: { app: AppView }) {
  const { t } = useTranslation('frame');
  const add = useAddToApp(app);
  const renew = useRenewApp();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const me = useMe();
  const [bin, setBin] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const [exporting, setExporting] = useState(false);
  const appId = app.id as AppId;
  const remove = async () => {
    try {
      await api('apps.delete', { params: { appId } });
      navigate('/');
      message.success(t('appDeleted', { name: app.name }));
      await renew();
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'form', label: t('newForm'), icon: <TableOutlined /> },
            { key: 'excel', label: t('fromExcel'), icon: <FileExcelOutlined /> },
            { key: 'page', label: t('newPage'), icon: <BarChartOutlined /> },
            { type: 'divider' },
            { key: 'bin', label: t('recycleBin'), icon: <RestOutlined /> },
            { type: 'divider' },
            { key: 'export', label: t('exportApp'), icon: <ExportOutlined /> },
            { key: 'install', label: t('installApp'), icon: <ImportOutlined /> },
            { type: 'divider' },
            { key: 'rename', label: t('renameApp'), icon: <EditOutlined /> },
            ...(me.data?.permissions.design
              ? [{ key: 'delete', label: t('deleteApp'), icon: <DeleteOutlined />, danger: true }]
              : []),
          ],
          onClick: ({ key }) => {
            if (key === 'form') add.addForm();
            else if (key === 'page') add.addPage();
            else if (key === 'bin') setBin(true);
            else if (key === 'rename') setRenaming(true);
            else if (key === 'export') setExporting(true);
            else if (key === 'install') navigate('/install-app');
            else if (key === 'delete') void remove();
            else add.fromExcel();
          },
        }}
      >
        <Button type="text" size="small" icon={<PlusOutlined />} aria-label={t('addToApp')} />
      </Dropdown>
      {add.dialog}
      <NameDialog
        open={renaming}
        title={t('renameApp')}
        label={t('appName')}
        initial={app.name}
        submitText={t('save')}
        onCancel={() => setRenaming(false)}
        onSubmit={async (name) => {
          await api('apps.update', { params: { appId }, body: { name } });
          setRenaming(false);
          await renew();
        }}
      />
      {exporting && (
        <Suspense fallback={null}>
          <ExportDialog app={{ id: appId, name: app.name }} onClose={() => setExporting(false)} />
        </Suspense>
      )}
      {bin && (
        <Suspense fallback={null}>
          <AppBin appId={app.id} open onClose={() => setBin(false)} />
        </Suspense>
      )}
    </>
  );
}

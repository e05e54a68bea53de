import { BarChartOutlined, DeleteOutlined, FileExcelOutlined, PlusOutlined, TableOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { type AppView, keys, useRenewApp } from '../api/queries.js';
import { NameDialog } from '../shared/name-dialog.js';

const NewFormDialog = lazy(async () => ({
  default: (await import('../form-designer/new-form-dialog.js')).NewFormDialog,
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
    const dashboard = await api('dashboards.create', { body: { appId: app.id, name } });
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
  const [bin, setBin] = useState(false);
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
            { key: 'bin', label: t('recycleBin'), icon: <DeleteOutlined /> },
          ],
          onClick: ({ key }) => {
            if (key === 'form') add.addForm();
            else if (key === 'page') add.addPage();
            else if (key === 'bin') setBin(true);
            else add.fromExcel();
          },
        }}
      >
        <Button type="text" size="small" icon={<PlusOutlined />} aria-label={t('addToApp')} />
      </Dropdown>
      {add.dialog}
      {bin && (
        <Suspense fallback={null}>
          <AppBin appId={app.id} open onClose={() => setBin(false)} />
        </Suspense>
      )}
    </>
  );
}

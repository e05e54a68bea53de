import { BarChartOutlined, FileExcelOutlined, PlusOutlined, TableOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { type AppView, keys, useRenewApp } from '../api/queries.js';
import { NameDialog } from '../shared/name-dialog.js';

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
    if (asking === 'form') {
      const form = await api('forms.create', { body: { appId: app.id, name, fields: [] } });
      await renew();
      navigate(`/apps/${app.id}/forms/${form.id}/manage/design`);
    } else {
      const dashboard = await api('dashboards.create', { body: { appId: app.id, name } });
      await Promise.all([renew(), client.invalidateQueries({ queryKey: keys.dashboards() })]);
      navigate(`/apps/${app.id}/dashboards/${dashboard.id}/design`);
    }
    setAsking(undefined);
  }

  const form = asking === 'form';
  const dialog = (
    <NameDialog
      open={asking !== undefined}
      title={t(form ? 'newForm' : 'newPage')}
      label={t(form ? 'formName' : 'pageName')}
      placeholder={t(form ? 'formNameHint' : 'pageNameHint')}
      onCancel={() => setAsking(undefined)}
      onSubmit={create}
    />
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
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'form', label: t('newForm'), icon: <TableOutlined /> },
            { key: 'excel', label: t('fromExcel'), icon: <FileExcelOutlined /> },
            { key: 'page', label: t('newPage'), icon: <BarChartOutlined /> },
          ],
          onClick: ({ key }) => {
            if (key === 'form') add.addForm();
            else if (key === 'page') add.addPage();
            else add.fromExcel();
          },
        }}
      >
        <Button type="text" size="small" icon={<PlusOutlined />} aria-label={t('addToApp')} />
      </Dropdown>
      {add.dialog}
    </>
  );
}

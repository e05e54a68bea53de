import { DeleteOutlined, MoreOutlined } from '@ant-design/icons';
import type { DashboardView } from '@lianke/shared/dashboards/definition';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys, useRenewApp } from '../api/queries.js';

/** What else can be done with a page. */
export function PageMenu({ page }: { page: DashboardView }) {
  const { t } = useTranslation('dashboards');
  const { modal, message } = App.useApp();
  const client = useQueryClient();
  const renew = useRenewApp();
  const navigate = useNavigate();
  const remove = () =>
    modal.confirm({
      title: t('removeAsk', { name: page.name }),
      content: t('removeHint'),
      okText: t('remove'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await api('dashboards.delete', { params: { id: page.id } });
          void navigate(`/apps/${page.appId}`, { replace: true });
          client.removeQueries({ queryKey: keys.dashboard(page.id) });
          await renew();
        } catch (error) {
          message.error(messageOf(error));
        }
      },
    });
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items: [{ key: 'remove', danger: true, icon: <DeleteOutlined />, label: t('remove'), onClick: remove }] }}
    >
      <Button icon={<MoreOutlined />} aria-label={t('common:more')} />
    </Dropdown>
  );
}

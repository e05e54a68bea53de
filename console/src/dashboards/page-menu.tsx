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
  const { message } = App.useApp();
  const client = useQueryClient();
  const renew = useRenewApp();
  const navigate = useNavigate();

  async function undo() {
    try {
      await api('dashboards.restore', { params: { id: page.id } });
      await renew();
      void navigate(`/apps/${page.appId}/dashboards/${page.id}`);
    } catch (error) {
      message.error(messageOf(error));
    }
  }
  async function remove() {
    try {
      await api('dashboards.delete', { params: { id: page.id } });
      void navigate(`/apps/${page.appId}`, { replace: true });
      client.removeQueries({ queryKey: keys.dashboard(page.id) });
      await renew();
      const key = `binned-${page.id}`;
      message.open({
        key,
        type: 'success',
        duration: 8,
        content: (
          <>
            {t('binned', { name: page.name })}
            <Button
              type="link"
              size="small"
              onClick={() => {
                message.destroy(key);
                void undo();
              }}
            >
              {t('common:undo')}
            </Button>
          </>
        ),
      });
    } catch (error) {
      message.error(messageOf(error));
    }
  }
  const item = {
    key: 'remove',
    danger: true,
    icon: <DeleteOutlined />,
    label: t('remove'),
    onClick: () => void remove(),
  };
  return (
    <Dropdown trigger={['click']} menu={{ items: [item] }}>
      <Button icon={<MoreOutlined />} aria-label={t('common:more')} />
    </Dropdown>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useMe } from '../api/queries.js';
import './i18n.js';
import { useSandbox } from './sandbox-address.js';

/** The demonstration's company that newcomers build in themselves. */
const ownKey = 'mine';

/** 清空我的企业，重来: asks first; `undefined` for whoever may not, `elsewhere` while he is in another company. */
export function useReset(): { may: 'here' | 'elsewhere' | undefined; ask: () => void } {
  const { t } = useTranslation('demo');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const sandbox = useSandbox();
  const me = useMe().data;
  const may = sandbox && me?.permissions.admin ? (me.tenant.key === ownKey ? 'here' : 'elsewhere') : undefined;
  const reset = async () => {
    try {
      await api('demo.reset', {});
      // Nothing of what was read is there any more.
      navigate('/');
      client.clear();
      message.success(t('resetDone'));
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  const ask = () => {
    if (may !== 'here') return void message.info(t('resetElsewhere'));
    modal.confirm({
      title: t('reset'),
      content: t('resetHint'),
      okText: t('resetOk'),
      okButtonProps: { danger: true },
      onOk: reset,
    });
  };
  return { may, ask };
}

import { CheckOutlined } from '@ant-design/icons';
import type { TenantId } from '@lianke/shared/ids';
import type { Me } from '@lianke/shared/org/api';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, type MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useReset } from '../demo/use-reset.js';
import { chooseLanguage, showLanguage } from '../i18n/index.js';
import { pause } from '../i18n/punctuation.js';
import { Named } from '../shared/named.js';
import { Avatar } from '../shared/person.js';
import { tellLanguage } from './own-language.js';

/** Who is signed in, in which company; switching company and language, signing out. */
export function MemberMenu({ me }: { me: Me }) {
  const { t, i18n } = useTranslation('frame');
  const { t: demo } = useTranslation('demo');
  const { message } = App.useApp();
  const reset = useReset();
  const client = useQueryClient();
  const navigate = useNavigate();

  async function switchTo(tenantId: string) {
    try {
      await api('auth.switch', { body: { tenantId: tenantId as TenantId } });
      // Everything cached belongs to the company just left.
      navigate('/');
      client.clear();
    } catch (error) {
      message.error(messageOf(error));
    }
  }

  function switchLanguage() {
    const language = i18n.language === 'en' ? 'zh' : 'en';
    // Whoever looks as somebody else changes what he himself reads, here only.
    if (me.preview) return showLanguage(language);
    chooseLanguage(language);
    void tellLanguage(client, language);
  }

  async function signOut(everywhere: boolean) {
    try {
      await api(everywhere ? 'auth.signOutAll' : 'auth.signOut', {});
      client.clear();
      navigate('/login', { replace: true });
    } catch (error) {
      message.error(messageOf(error));
    }
  }

  const items: MenuProps['items'] = [
    {
      key: 'who',
      disabled: true,
      label:
        [me.member.title, me.roles.map((role) => role.name).join(pause())].filter(Boolean).join(' · ') ||
        me.member.name,
    },
    { type: 'divider' },
    ...(me.tenants.length > 1
      ? [
          {
            key: 'tenants',
            type: 'group' as const,
            label: t('switchTenant'),
            children: me.tenants.map((tenant) => ({
              key: `tenant:${tenant.id}`,
              label: tenant.name,
              icon: <CheckOutlined style={{ visibility: tenant.current ? 'visible' : 'hidden' }} />,
              disabled: tenant.current,
            })),
          },
          { type: 'divider' as const },
        ]
      : []),
    { key: 'notify', label: t('myNotify') },
    ...(reset.may === 'here' ? [{ key: 'reset', danger: true, label: demo('reset') }] : []),
    { key: 'language', label: t('language') },
    { key: 'signOutAll', label: t('signOutAll') },
    { key: 'signOut', label: t('signOut') },
  ];
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items,
        onClick: ({ key }) => {
          if (key.startsWith('tenant:')) void switchTo(key.slice('tenant:'.length));
          else if (key === 'reset') reset.ask();
          else if (key === 'notify') navigate('/me/notify');
          else if (key === 'language') switchLanguage();
          else void signOut(key === 'signOutAll');
        },
      }}
    >
      <Button
        type="text"
        aria-label={t('memberMenu', { name: me.member.name })}
        style={{ display: 'inline-flex', alignItems: 'center', gap: 8, paddingInline: 8 }}
      >
        <Avatar name={me.member.name} size={24} />
        <span style={{ fontWeight: 600 }}>
          <Named text={me.member.name} />
        </span>
        <span className="muted ellipsis" style={{ maxWidth: 140 }}>
          {me.tenant.name}
        </span>
      </Button>
    </Dropdown>
  );
}

import { View } from '@tarojs/components';
import Taro, { useDidShow } from '@tarojs/taro';
import { useState } from 'react';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { Screen } from '../../components/screen.js';
import { flushOutbox } from '../../data/outbox-send.js';
import { setTextSize, type TextSize, textSizes, useTextSize } from '../../data/text-size.js';
import { currentLanguage, useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { signOut, signOutEverywhere, switchLanguage, switchTenant, useSession } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { ChatChoice } from './chat-choice.js';
import { Face } from './face.js';
import { MessageRows } from './message-rows.js';
import { WaitingRows } from './waiting-rows.js';
import '../../components/sheet.scss';
import './index.scss';
import { Named } from '../../components/named.js';

export default function MePage() {
  const t = useT();
  const { me } = useSession();
  const [busy, setBusy] = useState(false);
  useDidShow(() => void flushOutbox());
  const textSize = useTextSize();
  const everywhere = async () => {
    const { confirm } = await Taro.showModal({ title: t('me.signOutAll'), content: t('me.signOutAllAsk') });
    if (confirm) await signOutEverywhere().catch((error: unknown) => showNotice(messageOf(error)));
  };
  const change = async (tenantId: string) => {
    if (busy || tenantId === me?.tenant.id) return;
    setBusy(true);
    try {
      await switchTenant(tenantId);
      open('/pages/workbench/index');
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Screen title={t('tab.me')} tab>
      {me ? (
        <View className="me-head">
          <Face name={me.member.name} />
          <View className="me-head__main">
            <View className="me-head__name">
              <Named text={me.member.name} />
            </View>
            <View className="muted ellipsis">
              {[me.member.title, ...me.roles.map((role) => role.name)].filter(Boolean).join(' · ')}
            </View>
          </View>
        </View>
      ) : null}
      <WaitingRows />
      {me && me.tenants.length > 1 ? (
        <View>
          <View className="section-title">{t('me.tenant')}</View>
          <View className="card me-card">
            {me.tenants.map((tenant) => (
              <View key={tenant.id} className="option" hoverClass="is-pressed" onClick={() => void change(tenant.id)}>
                <View className="option__main">{tenant.name}</View>
                {tenant.id === me.tenant.id ? <View className="link">{t('me.current')}</View> : null}
              </View>
            ))}
          </View>
        </View>
      ) : me ? (
        <View>
          <View className="section-title">{t('me.tenant')}</View>
          <View className="card me-card">
            <View className="option">{me.tenant.name}</View>
          </View>
        </View>
      ) : null}
      {me ? <MessageRows /> : null}
      {me ? <ChatChoice /> : null}
      <View className="section-title">{t('me.language')}</View>
      <View className="card me-card me-card--padded">
        <Chips
          items={[
            { key: 'zh', label: '中文' },
            { key: 'en', label: 'English' },
          ]}
          on={[currentLanguage()]}
          onTap={(key) => void switchLanguage(key === 'en' ? 'en' : 'zh')}
        />
      </View>
      <View className="section-title">{t('me.textSize')}</View>
      <View className="card me-card me-card--padded">
        <Chips
          items={textSizes.map((size) => ({ key: size, label: t(`me.text.${size}`) }))}
          on={[textSize]}
          onTap={(key) => setTextSize(key as TextSize)}
        />
      </View>
      <View className="me-out">
        <Button onClick={() => void signOut()}>{t('me.signOut')}</Button>
        <View className="me-everywhere" hoverClass="is-pressed" onClick={() => void everywhere()}>
          {t('me.signOutAll')}
        </View>
      </View>
    </Screen>
  );
}

import { View } from '@tarojs/components';
import Taro, { useDidShow } from '@tarojs/taro';
import { type ReactNode, useEffect } from 'react';
import { useOutboxFlush } from '../data/outbox-send.js';
import { useTextSize } from '../data/text-size.js';
import { useT } from '../i18n/index.js';
import { chatHost, isH5 } from '../platform/host.js';
import { back } from '../platform/navigate.js';
import { ensureSession, useSession } from '../session/session.js';
import { Icon } from './icon.js';
import { NoticeBar } from './notice-bar.js';
import { SkeletonPage } from './skeleton.js';
import { useTabBar } from './tab-bar.js';

interface Props {
  title: string;
  /** One of the four tabs: no way back, room for the tab bar. */
  tab?: boolean;
  /** A bar is fixed at the bottom: room for it. */
  bar?: boolean;
  /** Open to people who are not logged in. */
  open?: boolean;
  /** Shown until it is known who is there. */
  skeleton?: ReactNode;
  children: ReactNode;
}

/**
 * The frame of every page: title, way back where the host draws none, log-in, notices. Children appear once the session
 * is known.
 */
export function Screen({ title, tab = false, bar = false, open = false, skeleton, children }: Props) {
  const { state } = useSession();
  useEffect(() => {
    void Taro.setNavigationBarTitle({ title });
  }, [title]);
  useDidShow(() => {
    void Taro.setNavigationBarTitle({ title });
    if (!open) void ensureSession();
  });
  useEffect(() => {
    if (!open && state === 'unknown') void ensureSession();
  }, [open, state]);
  useOutboxFlush();
  useTabBar(tab);
  // The page's own picture of a page that is coming (index.html).
  useEffect(() => {
    if (isH5) document.getElementById('boot')?.remove();
  }, []);
  const host = chatHost();
  const size = useTextSize();
  const ready = open || state === 'in';
  return (
    <View className={`screen ${tab ? 'screen--tab' : ''} ${bar ? 'screen--bar' : ''} host-${host} text-${size}`}>
      {isH5 && host === 'browser' && !tab && !open ? <Head title={title} /> : null}
      {ready ? children : (skeleton ?? <SkeletonPage />)}
      <NoticeBar />
    </View>
  );
}

function Head({ title }: { title: string }) {
  const t = useT();
  return (
    <View className="head">
      <View className="head__back" aria-label={t('common.back')} onClick={back}>
        <Icon name="back" />
      </View>
      <View className="head__title ellipsis">{title}</View>
    </View>
  );
}

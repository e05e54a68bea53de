import Taro, { useDidShow } from '@tarojs/taro';
import { useEffect } from 'react';
import { useTasks } from '../data/tasks.js';
import { useT } from '../i18n/index.js';

/** Keeps the tab bar's words in the reader's language and the number of open tasks on 待办. Used by the four tabs. */
export function useTabBar(tab: boolean): void {
  const t = useT();
  const tasks = useTasks('pending', tab);
  const count = tasks.data?.counts.all ?? 0;
  const apply = () => {
    if (!tab) return;
    const texts = [t('tab.workbench'), t('tab.customers'), t('tab.tasks'), t('tab.me')];
    for (const [index, text] of texts.entries()) quietly(Taro.setTabBarItem({ index, text }));
    const text = count > 99 ? '99+' : String(count);
    quietly(count > 0 ? Taro.setTabBarBadge({ index: 2, text }) : Taro.removeTabBarBadge({ index: 2 }));
  };
  useEffect(apply, [tab, t, count]);
  useDidShow(apply);
}

/** Hosts refuse while another page covers the tab bar; it is set again when the tab is shown. */
function quietly(done: unknown): void {
  void Promise.resolve(done).catch(() => undefined);
}

import { theme as antd, type ThemeConfig } from 'antd';
import { useCallback, useSyncExternalStore } from 'react';

/** Class that carries antd's CSS variables; it stands on the document so that every style sheet can use them. */
export const variableScope = 'lk';

const fontFamily =
  "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', system-ui, sans-serif";

/**
 * antd's tokens for one scheme: the only place where colours, sizes and fonts are decided.
 * @param still nothing moves
 */
export function themeOf(dark: boolean, still = false): ThemeConfig {
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: variableScope },
    token: {
      colorPrimary: dark ? '#3b82ec' : '#1668dc',
      borderRadius: 6,
      fontSize: 14,
      lineHeight: 22 / 14,
      fontFamily,
      wireframe: false,
      motion: !still,
      colorBgLayout: dark ? '#101114' : '#f5f6f8',
      ...(dark ? { colorBgContainer: '#17181c', colorBgElevated: '#1f2126', colorBorderSecondary: '#2a2c33' } : {}),
      colorLink: dark ? '#6aa5f2' : '#1668dc',
      colorTextBase: dark ? '#e6e8ec' : '#1d2129',
    },
    components: {
      Table: { cellPaddingBlockSM: 6, cellPaddingInlineSM: 10, headerBg: dark ? '#1c1e23' : '#fafbfc' },
      Tabs: { horizontalItemPaddingSM: '8px 0', horizontalItemGutter: 24 },
      Form: { itemMarginBottom: 20, verticalLabelPadding: '0 0 4px' },
      Drawer: { paddingLG: 20 },
      Card: { paddingLG: 20 },
    },
  };
}

/** Series colours of charts, the same on PC and phone. */
export const chartPalette = {
  light: ['#1668dc', '#13a8a8', '#d89614', '#7a5af8', '#e0554b', '#49aa19', '#d84a94', '#6b7785'],
  dark: ['#4c8ee6', '#33bcb7', '#e8b339', '#9a82fb', '#e8766e', '#6abe39', '#e072ab', '#8f98a3'],
} as const;

/** Whether the system says so now; follows what is changed there. */
function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** True while the system asks for the dark scheme. */
export function useDark(): boolean {
  return useMedia('(prefers-color-scheme: dark)');
}

/** True while the system asks for as little motion as can be. */
export function useStill(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)');
}

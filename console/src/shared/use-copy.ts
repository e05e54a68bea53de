import { App } from 'antd';
import { useTranslation } from 'react-i18next';

/** Copies a text and says so, in words of the caller's if given; where the browser refuses, says how to copy by hand. */
export function useCopy(): (text: string, done?: string) => Promise<void> {
  const { t } = useTranslation('common');
  const { message } = App.useApp();
  return async (text, done) => {
    if (await copyText(text)) message.success(done ?? t('copied'));
    else message.warning(t('copyFailed'));
  };
}

/** Whether the text is on the clipboard. A page that did not come over HTTPS has no clipboard but the old command. */
export async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  // Inside an open dialogue, or its focus trap would take the focus back before the command runs.
  (before?.closest('[role="dialog"]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}

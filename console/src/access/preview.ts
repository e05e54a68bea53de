import { previewHeader } from '@lianke/shared/access/api';

const key = 'lianke.preview';

/** The preview this tab is in: other tabs stay oneself. */
export function previewHeaders(): Record<string, string> {
  const id = sessionStorage.getItem(key);
  return id === null ? {} : { [previewHeader]: id };
}

/** From here on the tab asks as the previewed member; it begins anew, so that nothing seen before stays. */
export function enterPreview(id: string): void {
  sessionStorage.setItem(key, id);
  window.location.assign('/');
}

export function leavePreview(): void {
  sessionStorage.removeItem(key);
  window.location.assign('/admin/access');
}

export function inPreview(): boolean {
  return sessionStorage.getItem(key) !== null;
}

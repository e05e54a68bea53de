import { ApiError, urlOf } from '@lianke/shared/api/client';
import { type RouteName, routes } from '@lianke/shared/api/routes';
import type { Problem } from '@lianke/shared/errors/problem';
import { previewHeaders } from '../access/preview.js';
import { currentLanguage } from '../i18n/index.js';

export interface FetchedFile {
  name: string;
  blob: Blob;
}

/** The file that a route answers, with the name the server gave it. Throws `ApiError`. */
export async function fetchFile(
  name: RouteName,
  {
    params = {},
    query = {},
    body,
  }: { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown },
): Promise<FetchedFile> {
  let response: Response;
  try {
    response = await fetch(urlOf(name, params, query), {
      method: routes[name][0],
      credentials: 'same-origin',
      headers: {
        'Accept-Language': currentLanguage(),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...previewHeaders(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, { type: 'about:blank', title: 'offline', status: 0, code: 'offline' });
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    const unknown: Problem = { type: 'about:blank', title: 'HTTP', status: response.status, code: 'internal' };
    throw new ApiError(response.status, problem?.code ? problem : unknown);
  }
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { name: named ? decodeURIComponent(named) : 'file', blob: await response.blob() };
}

/** Saves a file to the person's disk. */
export function saveFile({ name, blob }: FetchedFile): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Shows a file in a new window; false when the browser opens none. */
export function openFile({ blob }: FetchedFile): boolean {
  const url = URL.createObjectURL(blob);
  const opened = window.open(url, '_blank');
  setTimeout(() => URL.revokeObjectURL(url), 600_000);
  return opened !== null;
}

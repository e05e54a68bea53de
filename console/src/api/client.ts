import { ApiError, type Client, createClient, type Transport, urlOf } from '@lianke/shared/api/client';
import type { RouteName } from '@lianke/shared/api/routes';
import type { Problem } from '@lianke/shared/errors/problem';
import { previewHeaders } from '../access/preview.js';
import { currentLanguage } from '../i18n/index.js';

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls `listener` when an answer says that the session has ended; answers the function that stops this. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

const noAnswer: Problem = { type: 'about:blank', title: 'offline', status: 0, code: 'offline' };

async function send(path: string, init: RequestInit): Promise<{ status: number; json: unknown }> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...previewHeaders() },
      credentials: 'same-origin',
    });
  } catch {
    throw new ApiError(0, noAnswer);
  }
  const text = await response.text();
  if (response.status === 401 && !path.startsWith('/api/v1/auth/'))
    for (const listener of signedOutListeners) listener();
  let json: unknown = null;
  try {
    json = text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    // A proxy's HTML error page: createClient answers its status without a problem.
  }
  return { status: response.status, json };
}

const overFetch: Transport = ({ method, path, body, headers }) =>
  send(path, {
    method,
    headers: {
      Accept: 'application/json',
      'Accept-Language': currentLanguage(),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** The typed API over fetch with the session cookie. Throws `ApiError`; status 0 means that no answer came. */
export const api: Client = createClient(overFetch);

/** Uploads one file to a route that takes multipart; answers its JSON. Throws `ApiError`. */
export async function upload<Answer>(
  name: RouteName,
  file: File,
  query: Record<string, unknown> = {},
  signal?: AbortSignal,
  params: Record<string, unknown> = {},
): Promise<Answer> {
  const body = new FormData();
  body.append('file', file, file.name);
  const answer = await send(urlOf(name, params, query), {
    method: 'POST',
    body,
    headers: { Accept: 'application/json', 'Accept-Language': currentLanguage() },
    ...(signal ? { signal } : {}),
  });
  if (answer.status >= 200 && answer.status < 300) return answer.json as Answer;
  const problem = answer.json as Problem | null;
  throw new ApiError(
    answer.status,
    problem?.code ? problem : { type: 'about:blank', title: 'HTTP', status: answer.status, code: 'internal' },
  );
}

/** Address of an uploaded file; the server checks the right to see it at every request. */
export function fileUrl(id: string): string {
  return urlOf('files.get', { id });
}

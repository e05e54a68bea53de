/** A refusal of the sandbox, with its own sentence. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/sandbox/api/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const error = (answer as { error?: { code: string; message: string } } | null)?.error;
    throw new Refusal(error?.code ?? String(response.status), error?.message ?? `HTTP ${response.status}`);
  }
  return answer as T;
}

export const get = <T>(path: string): Promise<T> => call('GET', path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => call('POST', path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => call('PATCH', path, body);
export const remove = <T>(path: string): Promise<T> => call('DELETE', path);

import { ApiError, type CallArgs, createClient } from '@lianke/shared/api/client';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { RouteName } from '@lianke/shared/api/routes';
import { transport } from '../platform/transport.js';

const call = createClient(transport);
let onLoggedOut: () => void = () => undefined;

/** Registers what happens when the server no longer knows the session. */
export function whenLoggedOut(listener: () => void): void {
  onLoggedOut = listener;
}

/** Calls a route of the contract; throws ApiError (status 0: no answer came). */
export async function api<R extends RouteName>(name: R, args: CallArgs<R>): Promise<AnswerOf<R>> {
  try {
    return await call(name, args);
  } catch (error) {
    if (
      error instanceof ApiError &&
      error.status === 401 &&
      !name.startsWith('auth.') &&
      name !== 'me.get' &&
      name !== 'me.start'
    )
      onLoggedOut();
    throw error;
  }
}

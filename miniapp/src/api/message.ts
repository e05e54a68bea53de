import { ApiError } from '@lianke/shared/api/client';
import { t } from '../i18n/index.js';
import { isUnreachable } from '../platform/transport.js';

/** A sentence for the reader: what went wrong and what helps. The server already answers in the reader's language. */
export function messageOf(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unknown');
  if (error.status === 0) return t('error.offline');
  // A gateway's page instead of the server's words.
  if (isUnreachable(error) && !error.problem.detail) return t('error.away');
  return error.problem.detail ?? error.problem.title;
}

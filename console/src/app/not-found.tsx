import { ApiError } from '@lianke/shared/api/client';
import { PageError } from './page-error.js';

const missing = new ApiError(404, { type: 'about:blank', title: 'Not Found', status: 404, code: 'not_found' });

/** An address that no page has. */
export function NotFound() {
  return <PageError error={missing} />;
}

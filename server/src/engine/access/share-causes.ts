import type { ShareCause } from '@lianke/shared/access/api';
import type { Said } from '../../kernel/errors/said.js';

/** Why a record is shared: what somebody typed, or that the receiver asked, with his own words. */
export function causeOf({ cause, cause_kind: kind }: { cause: string; cause_kind: ShareCause }): Said {
  if (kind === 'typed') return cause;
  return cause === ''
    ? { zh: '申请查看', en: 'Asked to see it' }
    : { zh: `申请查看：${cause}`, en: `Asked to see it: ${cause}` };
}

import { useMemo, useState } from 'react';
import type { FormatContext } from '../fields/types.js';
import { useT } from '../i18n/index.js';
import { useSession } from '../session/session.js';

/** What formatting needs: texts, the tenant's zone, and the time when the page was drawn. */
export function useFormat(): FormatContext {
  const t = useT();
  const { me } = useSession();
  const zone = me?.tenant.timeZone ?? 'Asia/Shanghai';
  const [now] = useState(() => Date.now());
  return useMemo(() => ({ t, zone, now }), [t, zone, now]);
}

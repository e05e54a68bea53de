import { useEffect } from 'react';
import { api } from '../api/client.js';
import { useSandbox } from './sandbox-address.js';

/** Ticks 「看演示企业的看板」 of the demonstration's walk once the rows behind a mark are open; nothing outside of it. */
export function useDrilled(open: boolean): void {
  const sandbox = useSandbox();
  const reached = sandbox !== undefined && open;
  useEffect(() => {
    // A tick that did not arrive can be set by hand on the stage.
    if (reached) void api('demo.drilled', {}).catch(() => undefined);
  }, [reached]);
}

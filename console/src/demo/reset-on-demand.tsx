import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useReset } from './use-reset.js';

/** Asks to start over when the stage's last step has opened the console for that (`?demo=reset`). */
export function ResetOnDemand() {
  const [search, setSearch] = useSearchParams();
  const { may, ask } = useReset();
  const wanted = search.get('demo') === 'reset';
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (!wanted || may === undefined) return;
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        next.delete('demo');
        return next;
      },
      { replace: true },
    );
    latest.current();
  }, [wanted, may, setSearch]);
  return null;
}

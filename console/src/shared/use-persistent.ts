import { useCallback, useState } from 'react';

function read<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

/** State that this browser keeps for the person, under `lianke.<name>`; JSON values only. */
export function usePersistent<T>(name: string, fallback: T): [T, (value: T) => void] {
  const key = `lianke.${name}`;
  const [state, setState] = useState<{ key: string; value: T }>(() => ({ key, value: read(key, fallback) }));
  // Another name (another form) has its own value from the first render on.
  const value = state.key === key ? state.value : read(key, fallback);
  const set = useCallback(
    (next: T) => {
      setState({ key, value: next });
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // A browser that refuses storage keeps it for this visit.
      }
    },
    [key],
  );
  return [value, set];
}

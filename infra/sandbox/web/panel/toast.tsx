import { type ReactNode, useCallback, useEffect, useState } from 'react';

const SHOWN_MS = 4000;

/** A short line at the bottom of the page that leaves by itself. */
export function useToast(): { say: (text: string) => void; view: ReactNode } {
  const [toast, setToast] = useState<{ text: string; at: number } | null>(null);
  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(() => setToast(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  const say = useCallback((text: string) => setToast({ text, at: Date.now() }), []);
  return {
    say,
    view: toast ? (
      <div className="toast" role="status">
        {toast.text}
      </div>
    ) : null,
  };
}

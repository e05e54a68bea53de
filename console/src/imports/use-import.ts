import type { ImportId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../api/client.js';
import { bodyOf, type Plan, planOf } from './model/plan.js';

export const importKey = (id: string) => ['import', id] as const;
export const importsKey = ['imports'] as const;

const busyStates: readonly ImportView['state'][] = ['checking', 'running', 'undoing'];
/** ms between two looks at an import that is under way. */
const pollEvery = 500;

/** One import, read again twice a second while something is under way. */
export function useImport(id: string | null) {
  return useQuery({
    queryKey: importKey(id ?? ''),
    queryFn: () => api('imports.get', { params: { id: id as ImportId } }),
    enabled: id !== null,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && busyStates.includes(state.data.state) ? pollEvery : false),
  });
}

/**
 * The plan while it is edited: what the person sees changes at once, the server checks it again behind. Changes made
 * while a check is under way are sent together after it, so that checks never overtake each other.
 */
export function usePlan(view: ImportView) {
  const client = useQueryClient();
  const [local, setLocal] = useState<Plan | null>(null);
  const [error, setError] = useState<unknown>(null);
  const waiting = useRef<Plan | null>(null);
  const running = useRef(false);
  const plan = local ?? planOf(view);

  const send = useCallback(async () => {
    if (running.current) return;
    running.current = true;
    try {
      while (waiting.current) {
        const next = waiting.current;
        waiting.current = null;
        const answer = await api('imports.plan', { params: { id: view.id }, body: bodyOf(next) });
        client.setQueryData(importKey(view.id), answer);
      }
      setError(null);
      setLocal(null);
    } catch (failure) {
      // The plan stays as it was typed; the next change sends it again.
      setError(failure);
      waiting.current = null;
    } finally {
      running.current = false;
    }
  }, [client, view.id]);

  const change = useCallback(
    (next: Plan) => {
      waiting.current = next;
      setLocal(next);
      void send();
    },
    [send],
  );

  useEffect(() => {
    if (view.state !== 'ready' && view.state !== 'checking') setLocal(null);
  }, [view.state]);

  return { plan, change, error, checking: local !== null && error === null, recheck: () => change(plan) };
}

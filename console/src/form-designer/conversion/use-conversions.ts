import type { ConversionView } from '@lianke/shared/forms/conversion';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../../api/client.js';
import { keys, useRenewApp } from '../../api/queries.js';

const conversionKey = (formId: string) => ['conversions', formId] as const;

/** Conversions of a form's fields, the newest first; asked for again while one is under way. */
export function useConversions(formId: string): ConversionView[] {
  const client = useQueryClient();
  const renew = useRenewApp();
  const { data } = useQuery({
    queryKey: conversionKey(formId),
    queryFn: async () => (await api('conversions.list', { params: { formId: formId as never } })).items,
    refetchInterval: (query) => (query.state.data?.some((item) => item.state === 'running') ? 1000 : false),
  });
  const running = data?.some((item) => item.state === 'running') ?? false;
  const was = useRef(false);
  useEffect(() => {
    // The form itself is another one once its field is converted.
    if (was.current && !running) {
      void client.invalidateQueries({ queryKey: keys.form(formId) });
      void client.invalidateQueries({ queryKey: keys.data(formId) });
      void client.invalidateQueries({ queryKey: ['formVersions', formId] });
      void renew(formId);
    }
    was.current = running;
  }, [running, client, formId, renew]);
  return data ?? [];
}

export function useRenewConversions() {
  const client = useQueryClient();
  return (formId: string) => client.invalidateQueries({ queryKey: conversionKey(formId) });
}

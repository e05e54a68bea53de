import type { FormId, RecordId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';

const favouritesKey = ['favourites'] as const;
const recentsKey = ['recents'] as const;

/** The reader's favourite records, the youngest first. */
export function useFavourites(enabled = true) {
  return useQuery({
    queryKey: favouritesKey,
    queryFn: async () => (await api('favourites.list', {})).items,
    enabled,
  });
}

/** What the reader opened lately, the last first. */
export function useRecents(enabled = true) {
  return useQuery({ queryKey: recentsKey, queryFn: async () => (await api('recents.list', {})).items, enabled });
}

/** Whether a record is a favourite, and the function that changes it. */
export function useFavourite(formId: string, recordId: string): { on: boolean; toggle: () => Promise<void> } {
  const { message } = App.useApp();
  const client = useQueryClient();
  const on = useFavourites().data?.some((item) => item.id === recordId) ?? false;
  return {
    on,
    async toggle() {
      const body = { formId: formId as FormId, recordId: recordId as RecordId };
      try {
        await api(on ? 'favourites.remove' : 'favourites.add', { body });
      } catch (error) {
        message.error(messageOf(error));
      }
      await client.invalidateQueries({ queryKey: favouritesKey });
    },
  };
}

/** Notes that the record was opened; that it could not be noted is no matter. */
export function useRecentlyOpened(formId: string, recordId: string): void {
  const client = useQueryClient();
  useEffect(() => {
    api('recents.add', { body: { formId: formId as FormId, recordId: recordId as RecordId } })
      .then(() => client.invalidateQueries({ queryKey: recentsKey }))
      .catch(() => undefined);
  }, [client, formId, recordId]);
}

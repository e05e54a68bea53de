import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';

export const apiKeysKey = ['apiKeys'] as const;

/** The company's keys, the latest first. */
export function useApiKeys() {
  return useQuery({ queryKey: apiKeysKey, queryFn: async () => (await api('apiKeys.list', {})).items });
}

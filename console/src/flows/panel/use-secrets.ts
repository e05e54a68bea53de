import type { SecretKind } from '@lianke/shared/flows/outside-api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.js';

export const secretsKey = ['flow-secrets'];

/** Secrets and group robots of the company: their names and uses, never what they say. */
export function useSecrets() {
  return useQuery({
    queryKey: secretsKey,
    queryFn: async () => (await api('flowSecrets.list', {})).items,
    staleTime: 30_000,
  });
}

export function useSecretNames(kind: SecretKind): string[] {
  return (useSecrets().data ?? []).filter((item) => item.kind === kind).map((item) => item.name);
}

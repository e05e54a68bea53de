import type { RoleView } from '@lianke/shared/org/api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';

/** All roles of the company. */
export function useRoles() {
  return useQuery<RoleView[]>({ queryKey: keys.roles, queryFn: async () => (await api('roles.list', {})).items });
}

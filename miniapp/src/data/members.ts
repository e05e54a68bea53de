import type { AnswerOf } from '@lianke/shared/api/contracts';
import { api } from '../api/client.js';
import { type Resource, useResource } from './resource.js';

/** The colleagues that can be chosen; not `wanted`: nothing is read. */
export function useMembers(wanted = true): Resource<AnswerOf<'members.list'>> {
  return useResource(wanted ? 'members' : null, () => api('members.list', { query: { state: 'active' } }));
}

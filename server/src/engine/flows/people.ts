import type { PersonExpr } from '@lianke/shared/flows/values';
import type { MemberId, RoleId } from '@lianke/shared/ids';
import type { Org } from '../org/org-directory.js';
import type { RunValues } from './run-values.js';

/** Active members that the expressions name, each once, in order. */
export async function resolvePeople(
  people: readonly PersonExpr[],
  values: RunValues,
  org: Org,
  starterId: MemberId | null,
): Promise<MemberId[]> {
  const found = new Set<MemberId>();
  for (const person of people)
    for (const id of await resolve(person, values, org, starterId))
      if (org.members.get(id)?.state === 'active') found.add(id);
  return [...found];
}

async function resolve(
  person: PersonExpr,
  values: RunValues,
  org: Org,
  starterId: MemberId | null,
): Promise<MemberId[]> {
  const one = (id: MemberId | null) => (id ? [id] : []);
  switch (person.kind) {
    case 'member':
      return person.ids as MemberId[];
    case 'role':
      return org.membersOfRole(person.roleId as RoleId);
    case 'starter':
      return one(starterId);
    case 'field':
      return one((await values.find(person.ref)).value as MemberId | null);
    case 'managerOf': {
      const base =
        person.of.kind === 'starter' ? starterId : ((await values.find(person.of.ref)).value as MemberId | null);
      return base ? one(org.managerOf(base, person.level)) : [];
    }
  }
}

import type { PersonExpr } from '@lianke/shared/flows/values';
import type { DepartmentId, MemberId, RoleId } from '@lianke/shared/ids';
import type { Org } from '../org/org-directory.js';
import { formulaTexts } from './people-formula.js';
import type { RunValues } from './run-values.js';

type Base = Extract<PersonExpr, { kind: 'managerOf' }>['of'];

/** Active members that the expressions name, each once, in order. Whom the starter has to choose are not among them. */
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

/** The next manager up, where the one that the expressions mean is missing: of the same line, else of the starter. */
export async function nextManagerUp(
  people: readonly PersonExpr[],
  values: RunValues,
  org: Org,
  starterId: MemberId | null,
): Promise<MemberId | null> {
  for (const person of people) {
    if (person.kind !== 'managerOf' && person.kind !== 'departmentHead') continue;
    for (let level = person.level + 1; level <= 10; level++) {
      const [found] = await resolvePeople([{ ...person, level }], values, org, starterId);
      if (found) return found;
    }
  }
  return starterId ? org.managerOf(starterId) : null;
}

async function resolve(
  person: PersonExpr,
  values: RunValues,
  org: Org,
  starterId: MemberId | null,
): Promise<MemberId[]> {
  switch (person.kind) {
    case 'member':
      return person.ids as MemberId[];
    case 'role':
      return org.membersOfRole(person.roleId as RoleId);
    case 'starter':
      return starterId ? [starterId] : [];
    case 'field':
      return membersAt(person, values, org, starterId);
    case 'managerOf':
      return (await membersAt(person.of, values, org, starterId)).flatMap(
        (base) => org.managerOf(base, person.level) ?? [],
      );
    case 'managerChain':
      return (await membersAt(person.of, values, org, starterId)).flatMap((base) => chainOf(org, base, person.levels));
    case 'departmentHead':
      return (await departmentsAt(person.of, values, org, starterId)).flatMap(
        (department) => org.headOf(org.departmentUp(department, person.level)) ?? [],
      );
    case 'formula':
      return (await formulaTexts(values, person.formula)).flatMap((text) => memberCalled(org, text));
    case 'choice':
      return [];
  }
}

function chainOf(org: Org, base: MemberId, levels: number): MemberId[] {
  const chain: MemberId[] = [];
  for (let level = 1; level <= levels; level++) {
    const manager = org.managerOf(base, level);
    if (!manager || chain.includes(manager) || manager === base) break;
    chain.push(manager);
  }
  return chain;
}

/** Members a base stands for: those of a member field, the owner of a related record, the heads of a department field. */
async function membersAt(base: Base, values: RunValues, org: Org, starterId: MemberId | null): Promise<MemberId[]> {
  if (base.kind === 'starter') return starterId ? [starterId] : [];
  const found = await values.find(base.ref);
  if (found.field?.typeName === 'relation') {
    const owner = await values.find({ ...base.ref, path: `${base.ref.path}.owner` });
    return ids<MemberId>(owner.value);
  }
  if (found.field?.type.refers === 'department')
    return ids<DepartmentId>(found.value).flatMap((department) => org.headOf(department) ?? []);
  return ids<MemberId>(found.value);
}

async function departmentsAt(
  base: Base,
  values: RunValues,
  org: Org,
  starterId: MemberId | null,
): Promise<DepartmentId[]> {
  if (base.kind === 'field') {
    const found = await values.find(base.ref);
    if (found.field?.type.refers === 'department') return ids<DepartmentId>(found.value);
  }
  const members = await membersAt(base, values, org, starterId);
  return members.flatMap((member) => org.members.get(member)?.mainDepartmentId ?? []);
}

function ids<Id extends string>(value: unknown): Id[] {
  return [value].flat().filter((item): item is Id => typeof item === 'string');
}

/** By id, account, or a name that only one active member has. */
export function memberCalled(org: Org, text: string): MemberId[] {
  const active = [...org.members.values()].filter((member) => member.state === 'active');
  const exact = active.find((member) => member.id === text || member.account === text);
  if (exact) return [exact.id];
  const named = active.filter((member) => member.name === text);
  return named.length === 1 && named[0] ? [named[0].id] : [];
}

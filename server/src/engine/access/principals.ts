import type { NamedPrincipal } from '@lianke/shared/access/api';
import type { Principal } from '@lianke/shared/apps/access';
import { refusal } from '../../kernel/errors/app-error.js';
import type { Org } from '../org/org-directory.js';

/** What a principal is called; undefined when it is none of the company's. */
export function labelOf(org: Org, { kind, id }: Principal): string | undefined {
  if (kind === 'member') return org.members.get(id as never)?.name;
  if (kind === 'department') return org.departments.get(id as never)?.name;
  return org.roles.get(id as never)?.name;
}

/** Principals with their names; those that are gone are left out. */
export function named(org: Org, list: readonly Principal[]): NamedPrincipal[] {
  return list.flatMap((principal) => {
    const label = labelOf(org, principal);
    return label === undefined ? [] : [{ ...principal, label }];
  });
}

/** Refuses lists that name nobody's id; another company's answers like any unknown one. */
export function requireKnown(org: Org, list: readonly Principal[]): void {
  if (list.some((principal) => labelOf(org, principal) === undefined))
    throw refusal('invalid_request', {
      zh: '选中的成员、部门或角色不存在',
      en: 'a chosen member, department or role does not exist',
    });
}

import type { MemberId } from '@lianke/shared/ids';
import { groupBy } from '../../../kernel/group-by.js';
import type { Channel } from '../connection.js';
import type { PlatformUser } from '../port/platform.js';
import type { Known, KnownMember } from './sync-plan.js';

/** An account that the platform took away from a member. */
export interface FormerAccount {
  /** Null at another connection: there a userid says nothing about this one's people. */
  userKey: string | null;
  unionid: string | null;
  memberId: MemberId;
}

/**
 * Who of the tenant's members each of a platform's people is; whoever is missing in the answer is new. In this order: by his
 * account here, by his userid in another app of the same company, by an account that he had here before, by userid = account
 * for whom no platform is known yet, by mobile, and somebody who comes back by e-mail too. Never is one member two people.
 * `complete`: these are all of the platform's people.
 */
export function recognise(
  present: ReadonlyMap<string, PlatformUser>,
  known: Known,
  { channel, complete }: { channel: Channel; complete: boolean },
): Map<string, KnownMember> {
  const found = new Map<string, KnownMember>();
  const members = new Map(known.members.map((member) => [member.id, member]));
  // Where everybody was read, whose account is not among them may have got another one.
  const bound = [...known.accounts].filter(([key]) => !complete || present.has(key));
  const taken = new Set(bound.map(([, memberId]) => memberId));
  const take = (key: string, member: KnownMember | undefined) => {
    if (!member) return;
    found.set(key, member);
    taken.add(member.id);
  };

  for (const key of present.keys())
    take(key, members.get(known.accounts.get(key) ?? known.sameCompany.get(key) ?? none));
  const here = known.former.filter((account) => account.userKey !== null);
  const formerly = {
    userKey: new Map(here.map(({ userKey, memberId }) => [userKey, memberId])),
    unionid: new Map(here.map(({ unionid, memberId }) => [unionid, memberId])),
  };
  // What is certain comes first for everybody, so that nobody is taken away by what is less so.
  for (const [key, user] of present) {
    if (found.has(key)) continue;
    const before = formerly.userKey.get(key) ?? (user.unionid ? formerly.unionid.get(user.unionid) : undefined);
    if (before && !taken.has(before)) take(key, members.get(before));
  }

  const others = weaker(known, channel, taken, new Set(here.map(({ memberId }) => memberId)));
  for (const [key, user] of present) if (!found.has(key)) take(key, others(key, user));
  return found;
}

const none = '' as MemberId;

/** The ways that lead to those of whom no account is known here. `hadAccount`: members who had one at this connection. */
function weaker(
  known: Known,
  channel: Channel,
  taken: ReadonlySet<MemberId>,
  hadAccount: ReadonlySet<MemberId>,
): (key: string, user: PlatformUser) => KnownMember | undefined {
  const cameByChat = new Set(known.former.map(({ memberId }) => memberId));
  const left = (member: KnownMember) => member.state === 'left';
  // Whom an administrator had entered and made leave by hand does not come back by himself.
  const back = (member: KnownMember) => left(member) && (member.source !== 'manual' || cameByChat.has(member.id));
  const free = known.members.filter((member) => !taken.has(member.id));
  const byAccount = by(
    free.filter((member) => !left(member) || member.source === channel),
    (member) => member.account?.toLowerCase() ?? null,
  );
  const byMobile = by(
    // Who is here goes before who has left.
    [...free.filter((member) => !left(member)), ...free.filter(back)],
    (member) => plainMobile(member.mobile),
  );
  const byEmail = by(
    free.filter((member) => back(member) || hadAccount.has(member.id)),
    (member) => plainEmail(member.email),
  );
  const first = (list: readonly KnownMember[] | undefined, fits: (member: KnownMember) => boolean = () => true) =>
    list?.find((member) => !taken.has(member.id) && fits(member));
  return (key, user) => {
    const sameEmail = byEmail.get(plainEmail(user.email) ?? '');
    return (
      // An account is compared without case, as log-in does.
      first(byAccount.get(key.toLowerCase()), (member) => !known.reachableElsewhere.has(member.id)) ??
      first(byMobile.get(plainMobile(user.mobile) ?? '')) ??
      // An address that several have tells nobody from another.
      (sameEmail?.length === 1 ? first(sameEmail) : undefined)
    );
  };
}

function by(members: readonly KnownMember[], key: (member: KnownMember) => string | null): Map<string, KnownMember[]> {
  return groupBy(
    members.filter((member) => key(member) !== null),
    (member) => key(member) ?? '',
  );
}

/** A mainland number without its country code and spaces. */
export function plainMobile(mobile: string | null): string | null {
  return mobile?.replace(/[\s-]/g, '').replace(/^(\+?86)(?=1\d{10}$)/, '') || null;
}

/** An address as it is compared: without case. */
export function plainEmail(email: string | null): string | null {
  return email?.trim().toLowerCase() || null;
}

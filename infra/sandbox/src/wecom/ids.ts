import { createHash } from 'node:crypto';
import { type App, type Corp, findMember, type Member } from './world.js';

/**
 * How an app is told of a member. Apps of the directory made since 2022-06-28 get userids encrypted for their provider
 * (A16, ID upgrade): another text in every company, of 32 characters and with case.
 */
export function shownUserid(app: Pick<App, 'suite'>, userid: string): string {
  if (!app.suite) return userid;
  const hash = createHash('sha256').update(`${app.suite.openCorpId}/${userid.toLowerCase()}`).digest('base64url');
  return `wo${hash.replace(/[-_]/g, 'A').slice(0, 30)}`;
}

/** The member whom an app names by the id that it is told: to an app of the directory plain userids mean nobody. */
export function memberAs(corp: Corp, app: Pick<App, 'suite'>, id: string): Member | undefined {
  if (!app.suite) return findMember(corp, id);
  const wanted = id.toLowerCase();
  return [...corp.members.values()].find((member) => shownUserid(app, member.userid).toLowerCase() === wanted);
}

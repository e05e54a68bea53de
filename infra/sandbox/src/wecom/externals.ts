import type { ExternalSeed } from '../seed.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { characters, type Json } from './reader.js';
import { type App, type Corp, canSee, findMember } from './world.js';

type Query = Record<string, string | undefined>;
type Follower = ExternalSeed['followers'][number];

/** 客户联系 (reference A15). The app must be listed under 可调用接口的应用, or every call answers 48002. */
function requireCustomerContact(app: App): void {
  if (!app.customerContact) throw new WecomError(48002);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Followers whom the app sees. */
function followersOf(corp: Corp, app: App, contact: ExternalSeed): Follower[] {
  return contact.followers.filter(({ userid }) => {
    const member = findMember(corp, userid);
    return member !== undefined && canSee(corp, app, member);
  });
}

function followInfo(follower: Follower): Json {
  return {
    userid: follower.userid,
    remark: follower.remark,
    description: follower.description,
    createtime: 1_735_689_600,
    remark_corp_name: follower.remarkCorpName,
    remark_mobiles: follower.remarkMobiles,
    oper_userid: follower.userid,
    add_way: 1,
    state: '',
  };
}

function contactBody(contact: ExternalSeed): Json {
  return {
    external_userid: contact.externalUserid,
    name: contact.name,
    avatar: '',
    type: contact.type,
    gender: contact.gender,
    // Only members of other companies have a company and a position of their own (WW/92114).
    ...(contact.type === 2
      ? { position: contact.position, corp_name: contact.corpName, corp_full_name: contact.corpName }
      : {}),
  };
}

/** `externalcontact/get_follow_user_list`: members with the right to customers. */
export function followUsers(corp: Corp, app: App): Json {
  requireCustomerContact(app);
  const members = [...corp.members.values()].filter((member) => canSee(corp, app, member));
  return { follow_user: members.map((member) => member.userid) };
}

/** `externalcontact/list`: 84061 when the member has none. */
export function listOf(corp: Corp, app: App, userid: string | undefined): Json {
  requireCustomerContact(app);
  if (!userid) throw new WecomError(40063, 'userid');
  const member = findMember(corp, userid);
  if (!member) throw new WecomError(60111, userid);
  if (!canSee(corp, app, member)) throw new WecomError(60011);
  const found = [...corp.externals.values()].filter((contact) => contact.followers.some((f) => same(f.userid, userid)));
  if (found.length === 0) throw new WecomError(84061);
  return { external_userid: found.map((contact) => contact.externalUserid) };
}

/** `externalcontact/get`: the contact and who follows him. */
export function contact(corp: Corp, app: App, query: Query): Json {
  requireCustomerContact(app);
  if (!query.external_userid) throw new WecomError(41035);
  const found = corp.externals.get(query.external_userid);
  if (!found) throw new WecomError(40096, query.external_userid);
  const followers = followersOf(corp, app, found);
  if (followers.length === 0) throw new WecomError(84061);
  return {
    external_contact: contactBody(found),
    follow_user: followers.map((follower) => ({
      ...followInfo(follower),
      tags: follower.tags.map(({ group, name }) => ({
        group_name: group,
        tag_name: name,
        tag_id: `et${name}`,
        type: 1,
      })),
    })),
    next_cursor: '',
  };
}

/** `externalcontact/batch/get_by_user`: one page of several members' customers; `follow_info` is an object, tags are ids. */
export function byUsers(corp: Corp, app: App, body: Json): Json {
  requireCustomerContact(app);
  const userids = Array.isArray(body.userid_list) ? body.userid_list.map(String) : [];
  if (userids.length === 0 || userids.length > 100) throw new WecomError(40058, 'userid_list');
  const limit = body.limit === undefined ? 50 : Number(body.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new WecomError(40058, 'limit');
  const start = typeof body.cursor === 'string' && body.cursor !== '' ? Number(body.cursor) : 0;
  if (!Number.isInteger(start) || start < 0) throw new WecomError(40058, 'cursor');
  for (const userid of userids) {
    const member = findMember(corp, userid);
    if (!member) throw new WecomError(60111, userid);
    if (!canSee(corp, app, member)) throw new WecomError(60011, userid);
  }
  const all = [...corp.externals.values()].flatMap((each) =>
    followersOf(corp, app, each)
      .filter((follower) => userids.some((userid) => same(userid, follower.userid)))
      .map((follower) => ({
        external_contact: contactBody(each),
        follow_info: { ...followInfo(follower), tag_id: follower.tags.map(({ name }) => `et${name}`) },
      })),
  );
  const end = start + limit;
  return { external_contact_list: all.slice(start, end), next_cursor: end < all.length ? String(end) : '' };
}

/** `externalcontact/remark`: what a member noted about his contact. */
export function remark(context: WecomContext, corp: Corp, app: App, body: Json): Json {
  requireCustomerContact(app);
  const {
    userid,
    external_userid: id,
    remark: name,
    description,
    remark_company: company,
    remark_mobiles: mobiles,
  } = body;
  if (typeof userid !== 'string' || userid === '') throw new WecomError(40063, 'userid');
  if (typeof id !== 'string' || id === '') throw new WecomError(41035);
  if ([name, description, company, mobiles].every((value) => value === undefined))
    throw new WecomError(40058, 'nothing to change');
  const found = corp.externals.get(id);
  if (!found) throw new WecomError(40096, id);
  const follower = followersOf(corp, app, found).find((each) => same(each.userid, userid));
  if (!follower) throw new WecomError(84061);
  const limits = { remark: [name, 20], description: [description, 150], remark_company: [company, 20] } as const;
  for (const [field, [value, most]] of Object.entries(limits))
    if (value !== undefined && (typeof value !== 'string' || characters(value) > most))
      throw new WecomError(40058, field);
  if (mobiles !== undefined && !(Array.isArray(mobiles) && mobiles.every((each) => typeof each === 'string')))
    throw new WecomError(40058, 'remark_mobiles');
  if (typeof name === 'string') follower.remark = name;
  if (typeof description === 'string') follower.description = description;
  // Companies of members of another company are their own word.
  if (typeof company === 'string' && found.type === 1) follower.remarkCorpName = company;
  if (Array.isArray(mobiles)) follower.remarkMobiles = mobiles.map(String).filter((mobile) => mobile !== '');
  context.hub.emit({ kind: 'read', corpId: corp.corpId, userids: [userid.toLowerCase()] });
  return {};
}

import type { ExternalContact } from '../port/platform.js';
import type { WecomExternal } from './wecom-client.js';

/** `type` of a WeChat user; others are members of other companies. */
const wechat = 1;

/** An external contact as the port has him; empty texts are nothing. */
export function externalOf({ external_contact: contact, follow_user }: WecomExternal): ExternalContact {
  return {
    name: contact.name,
    company: contact.corp_full_name || contact.corp_name || null,
    position: contact.position || null,
    kind: contact.type === wechat ? 'wechat' : 'company',
    followers: follow_user.map((follower) => ({
      userid: follower.userid,
      remark: follower.remark || null,
      company: follower.remark_corp_name || null,
      mobiles: follower.remark_mobiles,
      tags: follower.tags.map((tag) => tag.tag_name),
    })),
  };
}

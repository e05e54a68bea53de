import { z } from 'zod';
import { secretName } from '../flows/nodes/outside.js';
import { flowSecretView } from '../flows/outside-api.js';
import { uuidOf } from '../ids.js';
import { language } from '../org/api.js';

/** A group chat that the company's own app makes; it is known by its name wherever a group robot can be chosen. */
export const chatGroupBody = z.object({
  connectionId: uuidOf<'connection'>(),
  name: secretName,
  ownerId: uuidOf<'member'>(),
  /** With the owner two to two hundred. */
  memberIds: z.array(uuidOf<'member'>()).min(1).max(200),
  /** In which the group is written to. */
  language: language.default('zh'),
});
export type ChatGroupBody = z.infer<typeof chatGroupBody>;

/** A group of the company's own app as the platform has it at the moment. */
export const chatGroupView = z.object({
  id: uuidOf<'secret'>(),
  /** As phones show it; flows go on calling it by the name that it was made with. */
  name: z.string(),
  platform: z.string(),
  people: z.array(
    z.object({
      userid: z.string(),
      /** Null for an account that is nobody's here. */
      member: z.object({ id: uuidOf<'member'>(), label: z.string() }).nullable(),
      owner: z.boolean(),
    }),
  ),
});
export type ChatGroupView = z.infer<typeof chatGroupView>;

/** What is absent stays as it is. */
export const changeChatGroupBody = z.object({
  name: secretName.optional(),
  /** In the group already, or among those who come in. */
  ownerId: uuidOf<'member'>().optional(),
  add: z.array(uuidOf<'member'>()).max(200).default([]),
  /** By userid: also accounts that are nobody's here. */
  remove: z.array(z.string().min(1).max(64)).max(200).default([]),
});
export type ChangeChatGroupBody = z.infer<typeof changeChatGroupBody>;

export const chatGroupContracts = {
  'chatGroups.create': {
    tag: 'chat',
    summary: '用应用建群聊，可作为群消息与报表的目标',
    body: chatGroupBody,
    answer: flowSecretView,
  },
  'chatGroups.read': {
    tag: 'chat',
    summary: '应用群聊的名称、群主与成员，以平台为准',
    params: z.object({ id: uuidOf<'secret'>() }),
    answer: chatGroupView,
  },
  'chatGroups.change': {
    tag: 'chat',
    summary: '给应用群聊加人、移人、改名、换群主',
    params: z.object({ id: uuidOf<'secret'>() }),
    body: changeChatGroupBody,
    answer: chatGroupView,
  },
} as const;

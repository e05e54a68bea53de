import { z } from 'zod';
import { secretName } from '../flows/nodes/outside.js';
import { flowSecretView } from '../flows/outside-api.js';
import { uuidOf } from '../ids.js';

/** A group chat that the company's own app makes; it is known by its name wherever a group robot can be chosen. */
export const chatGroupBody = z.object({
  connectionId: uuidOf<'connection'>(),
  name: secretName,
  ownerId: uuidOf<'member'>(),
  /** With the owner two to two hundred. */
  memberIds: z.array(uuidOf<'member'>()).min(1).max(200),
});
export type ChatGroupBody = z.infer<typeof chatGroupBody>;

export const chatGroupContracts = {
  'chatGroups.create': {
    tag: 'chat',
    summary: '用应用建群聊，可作为群消息与报表的目标',
    body: chatGroupBody,
    answer: flowSecretView,
  },
} as const;

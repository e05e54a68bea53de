import type { RecordChat } from '@lianke/shared/chat/sidebar';
import { chatClient } from './chat-client.js';
import { chatHost } from './host.js';

type Person = Pick<RecordChat, 'kind' | 'userid'>;

/** Whether this host can open chats at all. */
export const mayOpenChats = (): boolean => chatHost() !== 'browser';

/** Opens the chat with somebody; throws what the client refused. */
export function openChat(person: Person): Promise<void> {
  // Tested by the build's own name, so that each carries its own host's global only.
  if (process.env.TARO_ENV === 'weapp') return inWecom(person);
  if (process.env.TARO_ENV === 'dd') return inDingtalk(person);
  return chatClient()?.chat(person) ?? Promise.reject(new Error('no chat client'));
}

function inWecom({ kind, userid }: Person): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!wx.qy?.openEnterpriseChat) return reject(new Error('wx.qy'));
    const [userIds, externalUserIds] = kind === 'member' ? [userid, ''] : ['', userid];
    wx.qy.openEnterpriseChat({ userIds, externalUserIds, groupName: '', success: () => resolve(), fail: reject });
  });
}

function inDingtalk({ userid }: Person): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!dd.openChatByUserId) return reject(new Error('dd'));
    dd.openChatByUserId({ userId: userid, success: () => resolve(), fail: reject });
  });
}

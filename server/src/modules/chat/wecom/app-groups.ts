import { cutBytes } from '../cut-text.js';
import type { AppGroups } from '../port/platform.js';
import type { WecomClient } from './wecom-client.js';
import { WecomError } from './wecom-error.js';

/** Markdown in a group chat is half as long as a robot's (WW/90248). */
const maxMarkdownBytes = 2048;

interface RobotBody {
  msgtype: string;
  text?: { content: string };
  markdown?: { content: string };
}

/** Group chats of a self-built app (reference A10). They call people by userid, where robots know phone numbers. */
export function wecomGroups(client: WecomClient): AppGroups {
  return {
    create: async (connection, { chatId, name, owner, userids, welcome }) => {
      await client.appChat(connection, 'create', { name, owner, userlist: [...userids], chatid: chatId });
      const text = { content: welcome };
      await client.appChat(connection, 'send', { chatid: chatId, msgtype: 'text', text, safe: 0 });
    },
    read: async (connection, chatId) => {
      const { name, owner, userlist } = await client.appChatInfo(connection, chatId);
      return { name, owner, userids: userlist };
    },
    change: (connection, chatId, { name, owner, add, remove }) =>
      client.appChat(connection, 'update', {
        chatid: chatId,
        ...(name === undefined ? {} : { name }),
        ...(owner === undefined ? {} : { owner }),
        ...(add.length > 0 ? { add_user_list: [...add] } : {}),
        ...(remove.length > 0 ? { del_user_list: [...remove] } : {}),
      }),
    post: async (connection, chatId, { body, mention }) => {
      try {
        await client.appChat(connection, 'send', { chatid: chatId, ...groupBody(body as RobotBody, mention), safe: 0 });
        return { errcode: 0, errmsg: 'ok' };
      } catch (error) {
        if (error instanceof WecomError && error.errcode !== null)
          return { errcode: error.errcode, errmsg: error.reason('zh'), english: error.reason('en') };
        throw error;
      }
    },
  };
}

function groupBody(body: RobotBody, mention: readonly string[]): object {
  if (body.markdown) return { ...body, markdown: { content: cutBytes(body.markdown.content, maxMarkdownBytes) } };
  if (!body.text) return body;
  return {
    msgtype: 'text',
    text: { content: body.text.content, ...(mention.length > 0 ? { mentioned_list: [...mention] } : {}) },
  };
}

import type { RecordChat } from '@lianke/shared/chat/sidebar';
import type { ConnectionId, FormId, RecordId } from '@lianke/shared/ids';
import Taro from '@tarojs/taro';
import { api } from '../api/client.js';
import { messageOf } from '../api/message.js';
import { t } from '../i18n/index.js';
import { mayOpenChats, openChat } from '../platform/open-chat.js';
import { knownConnection } from '../session/chat-login.js';
import { showNotice } from '../store/notice.js';
import { useResource } from './resource.js';

/** With whom one may chat about a record here: nobody outside of the chat apps. Empty while it is not known. */
export function useRecordChats(formId: string, id: string, asked: boolean): readonly RecordChat[] {
  const connectionId = asked && mayOpenChats() ? (knownConnection() as ConnectionId | undefined) : undefined;
  const found = useResource(`chats:${connectionId ?? ''}:${id}`, async (): Promise<RecordChat[]> => {
    if (!connectionId) return [];
    const params = { formId: formId as FormId, id: id as RecordId };
    return (await api('records.chats', { params, query: { connectionId } })).items;
  });
  return found.data ?? [];
}

/** Asks with whom where there are several, then opens the chat. */
export async function chooseChat(people: readonly RecordChat[]): Promise<void> {
  let chosen = people[0];
  if (people.length > 1) {
    try {
      const { tapIndex } = await Taro.showActionSheet({ itemList: people.map(labelOf) });
      chosen = people[tapIndex];
    } catch {
      return;
    }
  }
  if (!chosen) return;
  try {
    await openChat(chosen);
  } catch (error) {
    showNotice(t('customer.chatFailed', { reason: reasonOf(error) }));
  }
}

const labelOf = ({ kind, label }: RecordChat): string =>
  kind === 'member' ? t('customer.chatOwner', { name: label }) : label;

/** Clients answer with texts of their own instead of errors. */
function reasonOf(error: unknown): string {
  const { errMsg, errorMessage } = (typeof error === 'object' && error !== null ? error : {}) as {
    errMsg?: string;
    errorMessage?: string;
  };
  return errMsg ?? errorMessage ?? messageOf(error);
}

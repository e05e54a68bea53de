import type { ChatView, MessageView } from '../../src/stage/contract.js';
import { chatTime } from '../format.js';
import { type Translate, useLanguage } from '../i18n.js';
import { AppMark, Avatar, Badge, GroupMark } from './avatar.js';
import { RightIcon, ScanIcon } from './icons.js';

/** One line that stands for a message in the list. */
export function summary(message: MessageView, t: Translate): string {
  const { content } = message;
  switch (content.kind) {
    case 'template_card': {
      const card = message.card?.card ?? content.card;
      return card.main_title?.title ?? card.sub_title_text ?? '';
    }
    case 'news':
      return content.articles[0]?.title ?? '';
    case 'ding_card':
      return content.values.title ?? '';
    case 'textcard':
    case 'miniprogram_notice':
    case 'ding_notice':
    case 'ding_action_card':
      return content.title;
    case 'image':
      return t('picture');
    case 'voice':
      return t('voice');
    case 'file':
      return content.name;
    default:
      return content.text
        .replace(/<[^>]+>/g, '')
        .replace(/[*>`#]+|\\(?=[[\]<>`*#])/g, '')
        .trim();
  }
}

interface ChatListProps {
  chats: ChatView[];
  loaded: boolean;
  waiting: number;
  now: number;
  onOpen: (chat: ChatView) => void;
  /** Null where the client scans nothing of ours. */
  onScan: (() => void) | null;
}

/** 消息: the conversations, newest word beside each. */
export function ChatList({ chats, loaded, waiting, now, onOpen, onScan }: ChatListProps) {
  const { t } = useLanguage();
  return (
    <>
      <header className="phone-bar">
        <span />
        <h2>{t('chats')}</h2>
        {onScan ? (
          <button type="button" className="phone-bar-button" aria-label={t('scan')} title={t('scan')} onClick={onScan}>
            <ScanIcon size={22} />
          </button>
        ) : (
          <span />
        )}
      </header>
      <div className="phone-scroll chat-list">
        {onScan && waiting > 0 ? (
          <button type="button" className="waiting-strip" onClick={onScan}>
            <ScanIcon size={18} />
            <span>{t('waitingLogins', { n: waiting })}</span>
            <RightIcon size={16} />
          </button>
        ) : null}
        {loaded ? null : <div className="skeleton-row" />}
        {chats.map((chat) => {
          const last = chat.messages.at(-1);
          return (
            <button
              type="button"
              key={`${chat.corpId}/${chat.agentId}`}
              className="chat-row"
              onClick={() => onOpen(chat)}
            >
              <span className="chat-mark">
                {chat.group ? (
                  <GroupMark />
                ) : chat.external ? (
                  <Avatar userid={chat.external.userid} name={chat.appName} size={44} />
                ) : (
                  <AppMark name={chat.appName} />
                )}
                <Badge count={chat.unread} />
              </span>
              <span className="chat-words">
                <span className="chat-top">
                  <b>
                    {chat.appName}
                    {chat.external ? <em className="external-from">@{chat.external.from}</em> : null}
                  </b>
                  <time>{last ? chatTime(last.at, now, t) : ''}</time>
                </span>
                <span className="chat-last">
                  {last?.called ? <em>{t('calledYou')}</em> : null}
                  {last?.from ? `${last.from}：` : ''}
                  {last ? (last.recalled ? t('recalled', { app: chat.appName }) : summary(last, t)) : t('noMessages')}
                </span>
              </span>
            </button>
          );
        })}
      </div>
    </>
  );
}

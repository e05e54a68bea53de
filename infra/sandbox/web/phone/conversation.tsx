import { useEffect, useRef } from 'react';
import type { ChatView, MessageView, PersonView } from '../../src/stage/contract.js';
import { chatTime } from '../format.js';
import { useLanguage } from '../i18n.js';
import { AppMark, Avatar } from './avatar.js';
import { Composer } from './composer.js';
import { BackIcon, CodeIcon, GridIcon, SidebarIcon } from './icons.js';
import { MessageBody } from './message-body.js';
import { Robots } from './robots.js';

/** Messages further apart than this get a time between them. */
const GAP_MS = 5 * 60_000;

export type OpenTarget = (
  target: {
    url?: string;
    pagepath?: string;
    agentId?: number;
    /** The customer whose chat the page stands beside. */
    externalUserid?: string;
  },
  title: string,
) => Promise<void>;

interface ConversationProps {
  chat: ChatView;
  person: PersonView;
  now: number;
  onBack: () => void;
  onOpen: OpenTarget;
  onShowCall: ((logId: number) => void) | null;
}

/** What one app sent to this person. */
export function Conversation({ chat, person, now, onBack, onOpen, onShowCall }: ConversationProps) {
  const { t } = useLanguage();
  const end = useRef<HTMLDivElement>(null);
  const lastId = chat.messages.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scroll when a message arrives
  useEffect(() => {
    const list = end.current?.parentElement;
    if (!list) return undefined;
    const toEnd = () => {
      list.scrollTop = list.scrollHeight;
    };
    const letGo = () => list.removeEventListener('load', toEnd, true);
    toEnd();
    // Pictures push the end away as they arrive, until somebody looks elsewhere himself.
    list.addEventListener('load', toEnd, true);
    for (const moved of ['wheel', 'touchmove', 'pointerdown']) list.addEventListener(moved, letGo, { once: true });
    return letGo;
  }, [lastId]);

  return (
    <>
      <header className="phone-bar">
        <button type="button" className="phone-bar-button" aria-label={t('back')} onClick={onBack}>
          <BackIcon />
        </button>
        <h2>
          {chat.group ? `${chat.appName}（${chat.group.people}）` : chat.appName}
          {chat.external ? <small className="external-from">@{chat.external.from}</small> : null}
        </h2>
        {chat.external ? (
          <SidebarButton external={chat.external} onOpen={onOpen} />
        ) : chat.group ? (
          <span />
        ) : (
          <button
            type="button"
            className="phone-bar-button"
            aria-label={t('workbench')}
            title={t('workbench')}
            onClick={() => onOpen({ agentId: chat.agentId }, chat.appName)}
          >
            <GridIcon />
          </button>
        )}
      </header>
      {chat.group ? <Robots robots={chat.group.robots} /> : null}
      <div className="phone-scroll conversation">
        {chat.messages.length === 0 ? (
          <div className="phone-empty">
            <b>{t('noMessages')}</b>
            <p>{t(chat.group ? 'noGroupMessagesHint' : 'noMessagesHint')}</p>
          </div>
        ) : null}
        {chat.messages.map((message, index) => {
          const before = chat.messages[index - 1];
          const timed = !before || message.at - before.at > GAP_MS;
          return (
            <div key={message.id}>
              {timed ? <div className="chat-time">{chatTime(message.at, now, t)}</div> : null}
              <MessageRow message={message} chat={chat} person={person} onOpen={onOpen} onShowCall={onShowCall} />
            </div>
          );
        })}
        <div ref={end} />
      </div>
      {chat.writes ? <Composer chat={chat} person={person} /> : null}
    </>
  );
}

/** 聊天工具栏: the company's page beside a chat with a customer. */
function SidebarButton({
  external: { userid, sidebarUrl },
  onOpen,
}: {
  external: NonNullable<ChatView['external']>;
  onOpen: OpenTarget;
}) {
  const { t } = useLanguage();
  return (
    <button
      type="button"
      className="phone-bar-button"
      aria-label={t('sidebar')}
      title={t(sidebarUrl ? 'sidebar' : 'noSidebar')}
      disabled={!sidebarUrl}
      onClick={() => sidebarUrl && void onOpen({ url: sidebarUrl, externalUserid: userid }, t('sidebar'))}
    >
      <SidebarIcon />
    </button>
  );
}

function MessageRow({
  message,
  chat,
  person,
  onOpen,
  onShowCall,
}: { message: MessageView } & Omit<ConversationProps, 'now' | 'onBack'>) {
  const { t } = useLanguage();
  if (message.recalled) return <div className="chat-time">{t('recalled', { app: chat.appName })}</div>;
  const logId = message.logId;
  return (
    <div className={message.mine ? 'message-row mine' : 'message-row'} data-message={message.id}>
      {message.mine ? (
        <Avatar userid={person.userid} name={person.name} size={34} />
      ) : chat.external ? (
        <Avatar userid={chat.external.userid} name={chat.appName} size={34} />
      ) : (
        <AppMark name={message.from ?? chat.appName} size={34} />
      )}
      <div className="message-main">
        {message.from ? (
          <span className="message-from">
            {message.from}
            {message.called ? <em>{t('calledYou')}</em> : null}
          </span>
        ) : null}
        <MessageBody message={message} person={person} appName={chat.appName} onOpen={onOpen} />
        {onShowCall && logId !== null ? (
          <button type="button" className="call-link" title={t('callsBehind')} onClick={() => onShowCall(logId)}>
            <CodeIcon size={13} /> {message.from ? 'webhook/send' : 'message/send'}
          </button>
        ) : null}
      </div>
    </div>
  );
}

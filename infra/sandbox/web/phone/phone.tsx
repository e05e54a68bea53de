import { useEffect, useState } from 'react';
import type { ChatView, LoginView, PersonView } from '../../src/stage/contract.js';
import { get, post } from '../api.js';
import { clock } from '../format.js';
import { refusalText, useLanguage } from '../i18n.js';
import { useLive } from '../live.js';
import { useToast } from '../panel/toast.js';
import { Badge } from './avatar.js';
import { ChatList } from './chat-list.js';
import { Conversation, type OpenTarget } from './conversation.js';
import { ChatIcon, GridIcon, PersonIcon, TodoIcon, WifiIcon, WifiOffIcon } from './icons.js';
import { MeTab } from './me-tab.js';
import { Scanner } from './scanner.js';
import { TodoTab } from './todo-tab.js';
import { type WebPage, Webview } from './webview.js';
import { Workbench } from './workbench.js';

/** Something the stage asks of a phone; a new `id` is a new wish. */
export interface PhoneCommand {
  id: number;
  open: 'scanner' | 'chat' | 'home';
}

interface PhoneProps {
  person: PersonView;
  corpId: string;
  onCorp: (corpId: string) => void;
  logins: LoginView[];
  now: number;
  consoleUrl: string;
  command: PhoneCommand | null;
  onShowCall: ((logId: number) => void) | null;
}

type Tab = 'chats' | 'todos' | 'work' | 'me';
interface MiniApp {
  url: string;
  frameName: string;
}

/** One person's phone with WeCom or DingTalk open on it. */
export function Phone({ person, corpId, onCorp, logins, now, consoleUrl, command, onShowCall }: PhoneProps) {
  const { t, language } = useLanguage();
  const toast = useToast();
  const [tab, setTab] = useState<Tab>('chats');
  const [agentId, setAgentId] = useState<number | null>(null);
  const [scanning, setScanning] = useState(false);
  const [page, setPage] = useState<WebPage | null>(null);
  const key = person.userid.toLowerCase();
  // A phone cut off gets nothing new: it keeps what it had.
  const { data, reload } = useLive<{ items: ChatView[] }>(
    `people/${person.userid}/chats?corpId=${corpId}`,
    (event) => person.online && 'userids' in event && event.userids.includes(key),
  );
  const chats = data?.items ?? [];
  const chat = chats.find((each) => each.agentId === agentId) ?? null;
  const unread = person.corps.find((corp) => corp.corpId === corpId)?.unread ?? 0;

  const open: OpenTarget = async (target, title) => {
    const query = new URLSearchParams({ corpId });
    if (target.url) query.set('url', target.url);
    if (target.pagepath) query.set('pagepath', target.pagepath);
    if (target.agentId) query.set('agentId', String(target.agentId));
    try {
      const mini = await get<MiniApp>(`people/${person.userid}/mini-app?${query}`);
      setPage({ ...mini, title, key: Date.now(), externalUserid: target.externalUserid ?? null });
    } catch (error) {
      toast.say(refusalText(error, language, t));
    }
  };

  // Another person or company on this phone starts at its own first page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the reset belongs to the change of owner only
  useEffect(() => {
    setTab('chats');
    setAgentId(null);
    setScanning(false);
    setPage(null);
  }, [key, corpId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a command runs once, when it is given
  useEffect(() => {
    if (!command) return;
    setPage(null);
    setScanning(command.open === 'scanner');
    if (command.open === 'scanner') return;
    if (command.open === 'home') {
      setTab('work');
      void open({}, '');
      return;
    }
    setTab('chats');
    const first = chats[0];
    if (first) setAgentId(first.agentId);
  }, [command?.id]);

  useEffect(() => {
    if (!chat || chat.unread === 0 || page || scanning || !person.online) return;
    void post(`people/${person.userid}/read`, { corpId: chat.corpId, agentId: chat.agentId });
  }, [chat, page, scanning, person.userid, person.online]);

  useEffect(() => {
    if (person.online) reload();
  }, [person.online, reload]);

  const inDingtalk = person.platform === 'dingtalk';
  // The codes that wait on the computer are WeCom's.
  const scan = inDingtalk ? null : () => setScanning(true);
  const waiting = chats.reduce((sum, each) => sum + (each.todos ?? []).filter((todo) => !todo.done).length, 0);
  const tabs = [
    { key: 'chats' as const, label: t('chats'), icon: <ChatIcon size={22} />, count: unread },
    ...(inDingtalk ? [{ key: 'todos' as const, label: t('todos'), icon: <TodoIcon size={22} />, count: waiting }] : []),
    { key: 'work' as const, label: t('workbench'), icon: <GridIcon size={22} />, count: 0 },
    { key: 'me' as const, label: t('me'), icon: <PersonIcon size={22} />, count: 0 },
  ];

  return (
    <section
      className={inDingtalk ? 'phone ding' : 'phone'}
      aria-label={person.name}
      data-phone={person.userid}
      data-platform={person.platform}
    >
      <div className="phone-status">
        <span>{clock(now)}</span>
        <span className="phone-notch" aria-hidden="true" />
        <span className={person.online ? undefined : 'phone-cut'}>
          {person.online ? <WifiIcon size={16} /> : <WifiOffIcon size={16} />}
        </span>
      </div>
      {person.online ? null : (
        <div className="phone-offline">
          <b>{t('offline')}</b> {t('offlineHint')}
        </div>
      )}
      <div className="phone-body">
        {scanning ? (
          <Scanner
            person={person}
            logins={logins}
            consoleUrl={consoleUrl}
            now={now}
            onClose={() => setScanning(false)}
          />
        ) : chat ? (
          <Conversation
            chat={chat}
            person={person}
            now={now}
            onBack={() => setAgentId(null)}
            onOpen={open}
            onShowCall={onShowCall}
          />
        ) : (
          <>
            {tab === 'chats' ? (
              <ChatList
                chats={chats}
                loaded={data !== null}
                waiting={logins.length}
                now={now}
                onOpen={(each) => setAgentId(each.agentId)}
                onScan={scan}
              />
            ) : tab === 'todos' ? (
              <TodoTab chats={chats} onOpen={open} />
            ) : tab === 'work' ? (
              <Workbench chats={chats} onOpen={(each) => open({ agentId: each.agentId }, each.appName)} onScan={scan} />
            ) : (
              <MeTab person={person} corpId={corpId} onCorp={onCorp} />
            )}
            <nav className="phone-tabs">
              {tabs.map((each) => (
                <button
                  key={each.key}
                  type="button"
                  className={each.key === tab ? 'on' : undefined}
                  onClick={() => setTab(each.key)}
                >
                  <span className="phone-tab-icon">
                    {each.icon}
                    <Badge count={each.count} />
                  </span>
                  {each.label}
                </button>
              ))}
            </nav>
          </>
        )}
        {page ? (
          <Webview
            page={page}
            person={person}
            onClose={() => setPage(null)}
            onChat={(externalUserid) => {
              const wanted = chats.find((each) => each.external?.userid === externalUserid);
              if (!wanted) return false;
              setTab('chats');
              setAgentId(wanted.agentId);
              setPage(null);
              return true;
            }}
          />
        ) : null}
      </div>
      {toast.view}
    </section>
  );
}

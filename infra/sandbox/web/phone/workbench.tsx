import type { ChatView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';
import { AppMark } from './avatar.js';
import { ScanIcon } from './icons.js';

interface WorkbenchProps {
  chats: ChatView[];
  onOpen: (chat: ChatView) => void;
  onScan: (() => void) | null;
}

/** 工作台: the company's apps; a tap opens the app's mini-app. */
export function Workbench({ chats, onOpen, onScan }: WorkbenchProps) {
  const { t } = useLanguage();
  return (
    <>
      <header className="phone-bar">
        <span />
        <h2>{t('workbench')}</h2>
        <span />
      </header>
      <div className="phone-scroll">
        <h4 className="work-title">{chats[0]?.corpName}</h4>
        <div className="work-grid">
          {chats
            .filter((chat) => !chat.group && !chat.external)
            .map((chat) => (
              <button key={chat.agentId} type="button" data-app={chat.agentId} onClick={() => onOpen(chat)}>
                <AppMark name={chat.appName} size={48} />
                <b>{chat.appName}</b>
                <small>{chat.description}</small>
              </button>
            ))}
          {onScan ? (
            <button type="button" onClick={onScan}>
              <span className="work-tool">
                <ScanIcon size={26} />
              </span>
              <b>{t('scan')}</b>
            </button>
          ) : null}
        </div>
      </div>
    </>
  );
}

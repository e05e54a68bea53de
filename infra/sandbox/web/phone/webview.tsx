import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import type { PersonView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';
import { BackIcon, CloseIcon, ReloadIcon } from './icons.js';
import { ScanBox } from './scan-box.js';

export interface WebPage {
  url: string;
  /** Name of the frame: the platform's OAuth page reads from it whose phone this is. */
  frameName: string;
  title: string;
  key: number;
  /** The customer whose chat the page stands beside. */
  externalUserid: string | null;
}

/** What the page inside tells through the phone's bridge. */
interface Told {
  type: 'lianke-phone:page';
  title: string;
  canGoBack: boolean;
}

/** What the page asks of the client through its interface. */
interface Asked {
  type: 'lianke-phone:ask';
  id: number;
  what: string;
  params: unknown;
}

const isAsked = (data: unknown): data is Asked =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'lianke-phone:ask';

const several = z.union([z.string(), z.array(z.string())]).optional();
const chosenPeople = z.object({ externalUserIds: several, userIds: several });
const firstOf = (chosen: z.infer<typeof several>) =>
  (typeof chosen === 'string' ? chosen.split(';') : (chosen ?? []))[0];

function isTold(data: unknown): data is Told {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'lianke-phone:page';
}

/** A page inside the chat app: title bar with back, reload and close around a frame. */
export function Webview({
  page,
  person,
  onClose,
  onChat,
}: {
  page: WebPage;
  person: PersonView;
  onClose: () => void;
  /** Opens the chat with a customer; false when there is none. */
  onChat: (externalUserid: string) => boolean;
}) {
  const { t } = useLanguage();
  const [scan, setScan] = useState<number | null>(null);
  const [colleague, setColleague] = useState<string | null>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const listen = (event: MessageEvent<unknown>): void => {
      if (event.source !== frame.current?.contentWindow) return;
      if (isTold(event.data)) setTold(event.data);
      if (isAsked(event.data)) asked.current(event.data);
    };
    addEventListener('message', listen);
    return () => removeEventListener('message', listen);
  }, []);

  const answer = (id: number, result: unknown, problem?: string): void =>
    frame.current?.contentWindow?.postMessage({ type: 'lianke-phone:answer', id, result, problem }, '*');
  const asked = useRef<(question: Asked) => void>(() => undefined);
  asked.current = ({ id, what, params }) => {
    if (what === 'context') {
      const { externalUserid } = page;
      answer(id, { entry: externalUserid ? 'single_chat_tools' : 'normal', externalUserid });
    } else if (what === 'scan') setScan(id);
    else if (what === 'openChat') {
      const chosen = chosenPeople.safeParse(params).data;
      const contact = firstOf(chosen?.externalUserIds);
      const member = firstOf(chosen?.userIds);
      if (contact ? onChat(contact) : member) {
        // Colleagues have no chats of their own here: what the client would open is said instead.
        if (!contact && member) setColleague(member);
        answer(id, {});
      } else answer(id, null, 'no such chat');
    } else answer(id, null, `${what} is not simulated`);
  };

  const tell = (message: object): void => frame.current?.contentWindow?.postMessage(message, '*');
  useEffect(() => {
    frame.current?.contentWindow?.postMessage({ type: 'lianke-phone:network', online: person.online }, '*');
  }, [person.online]);
  useEffect(() => {
    frame.current?.contentWindow?.postMessage({ type: 'lianke-phone:locates', locates: person.locates }, '*');
  }, [person.locates]);

  return (
    <div className="phone-full webview">
      <header className="phone-bar">
        <span className="phone-bar-pair">
          <button
            type="button"
            className="phone-bar-button"
            aria-label={t('back')}
            onClick={() => (told?.canGoBack ? tell({ type: 'lianke-phone:back' }) : onClose())}
          >
            <BackIcon />
          </button>
          <button type="button" className="phone-bar-button" aria-label={t('close')} onClick={onClose}>
            <CloseIcon size={18} />
          </button>
        </span>
        <h2>{told?.title || page.title}</h2>
        <button
          type="button"
          className="phone-bar-button"
          aria-label={t('reloadPage')}
          onClick={() => setRound(round + 1)}
        >
          <ReloadIcon size={18} />
        </button>
      </header>
      {scan === null ? null : (
        <ScanBox
          onDone={(text) => {
            if (text === null) answer(scan, null, 'cancel');
            else answer(scan, text);
            setScan(null);
          }}
        />
      )}
      {colleague === null ? null : (
        <button type="button" className="webview-note" onClick={() => setColleague(null)}>
          {t('colleagueChat', { name: colleague })}
        </button>
      )}
      <iframe
        key={`${page.key}-${round}`}
        ref={frame}
        name={page.frameName}
        title={told?.title || page.title || page.frameName}
        src={page.url}
        allow="geolocation *; camera *; clipboard-write *"
      />
    </div>
  );
}

import { useEffect, useRef, useState } from 'react';
import type { PersonView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';
import { BackIcon, CloseIcon, ReloadIcon } from './icons.js';

export interface WebPage {
  url: string;
  /** Name of the frame: the platform's OAuth page reads from it whose phone this is. */
  frameName: string;
  title: string;
  key: number;
}

/** What the page inside tells through the phone's bridge. */
interface Told {
  type: 'lianke-phone:page';
  title: string;
  canGoBack: boolean;
}

function isTold(data: unknown): data is Told {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'lianke-phone:page';
}

/** A page inside the chat app: title bar with back, reload and close around a frame. */
export function Webview({ page, person, onClose }: { page: WebPage; person: PersonView; onClose: () => void }) {
  const { t } = useLanguage();
  const frame = useRef<HTMLIFrameElement>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const listen = (event: MessageEvent<unknown>): void => {
      if (event.source === frame.current?.contentWindow && isTold(event.data)) setTold(event.data);
    };
    addEventListener('message', listen);
    return () => removeEventListener('message', listen);
  }, []);

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

import { type FormEvent, useState } from 'react';
import type { ChatView, PersonView } from '../../src/stage/contract.js';
import { post } from '../api.js';
import { refusalText, useLanguage } from '../i18n.js';
import { ScanIcon } from './icons.js';
import { ScanBox } from './scan-box.js';

/** Where one writes to an app, or scans with its menu. */
export function Composer({ chat, person }: { chat: ChatView; person: PersonView }) {
  const { t, language } = useLanguage();
  const [text, setText] = useState('');
  const [scanning, setScanning] = useState(false);
  const [problem, setProblem] = useState('');
  const say = async (what: { text: string; scan?: 'waitmsg' }): Promise<boolean> => {
    try {
      setProblem('');
      await post(`people/${person.userid}/say`, { corpId: chat.corpId, agentId: chat.agentId, ...what });
      return true;
    } catch (error) {
      setProblem(refusalText(error, language, t));
      return false;
    }
  };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const words = text.trim();
    if (words === '') return;
    setText('');
    // What was not taken stays to be sent again.
    if (!(await say({ text: words }))) setText((typed) => typed || words);
  };
  if (scanning)
    return (
      <ScanBox
        onDone={(found) => {
          setScanning(false);
          if (found) void say({ text: found, scan: 'waitmsg' });
        }}
      />
    );
  return (
    <form className="composer" onSubmit={(event) => void send(event)}>
      {problem ? <p role="alert">{problem}</p> : null}
      {chat.writes?.scans ? (
        <button
          type="button"
          className="phone-bar-button"
          aria-label={t('scanByMenu')}
          title={t('scanByMenu')}
          onClick={() => setScanning(true)}
        >
          <ScanIcon />
        </button>
      ) : null}
      <input
        aria-label={t('write')}
        placeholder={t('write')}
        value={text}
        maxLength={500}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="composer-send" disabled={text.trim() === ''}>
        {t('send')}
      </button>
    </form>
  );
}

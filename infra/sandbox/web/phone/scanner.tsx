import { useState } from 'react';
import type { LoginView, PersonView } from '../../src/stage/contract.js';
import { post } from '../api.js';
import { chatTime } from '../format.js';
import { refusalText, useLanguage } from '../i18n.js';
import { AppMark } from './avatar.js';
import { BackIcon, CheckIcon, RightIcon } from './icons.js';

interface ScannerProps {
  person: PersonView;
  logins: LoginView[];
  consoleUrl: string;
  now: number;
  onClose: () => void;
}

/** 扫一扫: the log-in pages that wait somewhere, then 确认登录. */
export function Scanner({ person, logins, consoleUrl, now, onClose }: ScannerProps) {
  const { t, language } = useLanguage();
  const [scanned, setScanned] = useState<LoginView | null>(null);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (run: () => Promise<unknown>): Promise<boolean> => {
    setProblem(null);
    try {
      await run();
      return true;
    } catch (error) {
      setProblem(refusalText(error, language, t));
      return false;
    }
  };
  const scan = async (login: LoginView): Promise<void> => {
    if (await attempt(() => post('scan', { userid: person.userid, qrId: login.id }))) setScanned(login);
  };
  const confirm = async (login: LoginView): Promise<void> => {
    if (await attempt(() => post('confirm', { userid: person.userid, qrId: login.id }))) setDone(true);
  };
  const cancel = async (login: LoginView): Promise<void> => {
    await attempt(() => post('cancel', { qrId: login.id }));
    onClose();
  };

  if (scanned) {
    return (
      <div className="phone-full confirm-login">
        <header className="phone-bar">
          <button type="button" className="phone-bar-button" aria-label={t('back')} onClick={onClose}>
            <BackIcon />
          </button>
          <h2>{t('confirmTitle')}</h2>
          <span />
        </header>
        <div className="confirm-body">
          {done ? (
            <span className="done-mark">
              <CheckIcon size={34} />
            </span>
          ) : (
            <AppMark name={scanned.appName} size={64} />
          )}
          <h3>{done ? t('loggedIn') : t('loginTo', { app: scanned.appName })}</h3>
          <p>{scanned.corpName}</p>
          {done ? null : <p className="dim">{t('confirmText', { name: person.name })}</p>}
          <p className="dim break">{scanned.returnsTo}</p>
          {problem ? <p className="bad">{problem}</p> : null}
        </div>
        <div className="confirm-actions">
          {done ? (
            <button type="button" className="phone-primary" onClick={onClose}>
              {t('close')}
            </button>
          ) : (
            <>
              <button type="button" className="phone-primary" onClick={() => void confirm(scanned)}>
                {t('confirmLogin')}
              </button>
              <button type="button" className="phone-plain" onClick={() => void cancel(scanned)}>
                {t('cancel')}
              </button>
            </>
          )}
        </div>
      </div>
    );
  }

  return (
    <div className="phone-full scanner">
      <header className="phone-bar dark">
        <button type="button" className="phone-bar-button" aria-label={t('back')} onClick={onClose}>
          <BackIcon />
        </button>
        <h2>{t('scan')}</h2>
        <span />
      </header>
      <div className="finder" aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
        <b />
      </div>
      <p className="finder-hint">{logins.length > 0 ? t('scanPick') : t('scanEmpty')}</p>
      {problem ? <p className="finder-problem">{problem}</p> : null}
      <div className="finder-list">
        {logins.map((login) => (
          <button key={login.id} type="button" data-login={login.id} onClick={() => void scan(login)}>
            <AppMark name={login.appName} size={36} />
            <span>
              <b>{t('loginTo', { app: login.appName })}</b>
              <small>
                {login.corpName} · {chatTime(login.createdAt, now, t)}
              </small>
            </span>
            <RightIcon size={18} />
          </button>
        ))}
        {logins.length === 0 ? (
          <>
            <p>{t('scanEmptyHint')}</p>
            <a href={consoleUrl} target="lianke-console">
              {t('openConsole')}
            </a>
          </>
        ) : null}
      </div>
    </div>
  );
}

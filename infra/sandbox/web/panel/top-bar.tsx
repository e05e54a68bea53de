import type { StageView } from '../../src/stage/contract.js';
import { post } from '../api.js';
import { clock, span } from '../format.js';
import { useLanguage } from '../i18n.js';

interface TopBarProps {
  stage: StageView;
  now: number;
  connected: boolean;
  onAdvance: (days: number) => void;
}

export function TopBar({ stage, now, connected, onAdvance }: TopBarProps) {
  const { t, toggle } = useLanguage();
  const reset = (): void => {
    if (window.confirm(t('resetConfirm'))) void post('reset');
  };
  return (
    <header className="top-bar">
      <h1>{t('title')}</h1>
      <p className="top-sentence">{t('sentence')}</p>
      {connected ? null : <span className="lost">{t('lost')}</span>}
      <span className="top-clock" title={new Date(now).toLocaleString()}>
        {clock(now)}
        {stage.ahead > 0 ? <small>{t('ahead', { text: span(stage.ahead, t) })}</small> : null}
      </span>
      <span className="top-group">
        <button type="button" onClick={() => onAdvance(1 / 24)}>
          {t('advanceHours', { n: 1 })}
        </button>
        <button type="button" onClick={() => onAdvance(3)}>
          {t('advanceDays', { n: 3 })}
        </button>
      </span>
      <button type="button" className="plain" onClick={reset}>
        {t('resetStage')}
      </button>
      <button type="button" className="plain" onClick={toggle}>
        {t('language')}
      </button>
      <a className="plain" href="/directory" target="lianke-directory">
        {t('openDirectory')}
      </a>
      <a className="plain" href="/setup" target="lianke-setup">
        {t('openSetup')}
      </a>
      <a className="plain" href={stage.mobileUrl} target="lianke-mobile">
        {t('openMobile')}
      </a>
      <a className="primary" href={stage.consoleUrl} target="lianke-console">
        {t('openConsole')}
      </a>
    </header>
  );
}

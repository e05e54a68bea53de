import { useState } from 'react';
import type { ChatView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';

const SHOWN_MS = 2000;

/** The robots of a group, as its settings show them: their addresses are what an administrator copies. */
export function Robots({ robots }: Pick<NonNullable<ChatView['group']>, 'robots'>) {
  const { t } = useLanguage();
  const [copied, setCopied] = useState('');
  const copy = async (value: string): Promise<void> => {
    await navigator.clipboard.writeText(value);
    setCopied(value);
    setTimeout(() => setCopied(''), SHOWN_MS);
  };
  return (
    <div className="group-robots">
      {robots.map((robot) => (
        <div key={robot.url}>
          <b>{t('robot', { name: robot.name })}</b>
          <button type="button" className="text-link" onClick={() => void copy(robot.url)}>
            {t(copied === robot.url ? 'copied' : 'copyWebhook')}
          </button>
          {robot.secret === null ? null : (
            <button type="button" className="text-link" onClick={() => void copy(robot.secret ?? '')}>
              {t(copied === robot.secret ? 'copied' : 'copySign')}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

import { isMiniAppId } from '@lianke/shared/chat/mini-program';
import { Alert, Button, Checkbox } from 'antd';
import { useState } from 'react';
import { TextLine } from './lines.js';
import { useMiniText } from './mini-i18n.js';
import { Step } from './step.js';
import { type Connection, checkOf } from './use-connection.js';

/** What a connection keeps of the mini-program in which its cards open. */
export type MiniSettings = Pick<Connection['settings'], 'miniAppId' | 'miniNotices'>;

interface MiniStepProps {
  n: number;
  connection: Connection | undefined;
  busy: boolean;
  onSave: (mini: MiniSettings) => void;
}

/** 小程序（可选）: with its appid cards open in the company's mini-program, without one in a page. */
export function MiniStep({ n, connection, busy, onSave }: MiniStepProps) {
  const text = useMiniText();
  const kept = connection?.settings.miniAppId ?? '';
  const [appId, setAppId] = useState(kept);
  const [notices, setNotices] = useState(connection?.settings.miniNotices ?? false);
  const [wrong, setWrong] = useState(false);
  const typed = appId.trim();
  const changed = typed !== kept || (typed !== '' && notices !== (connection?.settings.miniNotices ?? false));
  const save = () => {
    const right = typed === '' || isMiniAppId(typed);
    setWrong(!right);
    if (right) onSave(typed === '' ? {} : { miniAppId: typed, ...(notices ? { miniNotices: true } : {}) });
  };
  // Whether the platform takes it shows when a card goes out with it.
  const proven = kept !== '' && checkOf(connection, 'card')?.ok === true;
  return (
    <Step
      n={n}
      title={text('title')}
      where={text('where')}
      ok={proven ? true : null}
      message={text(kept === '' ? 'unused' : proven ? 'used' : 'unproven')}
    >
      <TextLine
        id="mini-app"
        label={text('appId')}
        value={appId}
        onChange={setAppId}
        maxLength={40}
        placeholder="wx…"
      />
      {wrong && <Alert type="error" showIcon title={text('notOne')} />}
      <Checkbox checked={notices} disabled={typed === ''} onChange={(event) => setNotices(event.target.checked)}>
        {text('notices')}
      </Checkbox>
      <div className="muted">{text('noticesHint')}</div>
      <div>
        <Button disabled={!connection || !changed} loading={busy} onClick={save}>
          {text('save')}
        </Button>
      </div>
    </Step>
  );
}

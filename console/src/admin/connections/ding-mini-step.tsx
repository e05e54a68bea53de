import { Checkbox } from 'antd';
import { useMiniText } from './mini-i18n.js';
import { Step } from './step.js';
import { type Connection, checkOf } from './use-connection.js';

interface DingMiniStepProps {
  n: number;
  connection: Connection | undefined;
  busy: boolean;
  onSave: (miniPages: boolean) => void;
}

/** 小程序（可选） at DingTalk: the app is a mini-program itself, so that its messages open there. */
export function DingMiniStep({ n, connection, busy, onSave }: DingMiniStepProps) {
  const text = useMiniText();
  const on = connection?.settings.miniPages ?? false;
  // Whether the platform takes it shows when a card goes out with it.
  const proven = on && checkOf(connection, 'card')?.ok === true;
  return (
    <Step
      n={n}
      title={text('title')}
      where={text('dingWhere')}
      ok={proven ? true : null}
      message={text(!on ? 'unused' : proven ? 'used' : 'unproven')}
    >
      <Checkbox checked={on} disabled={!connection || busy} onChange={(event) => onSave(event.target.checked)}>
        {text('dingOpen')}
      </Checkbox>
      <div className="muted">{text('dingPc')}</div>
    </Step>
  );
}

import type { NotifySettings } from '@lianke/shared/chat/notify';
import { App, Checkbox, Switch, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useNotifyText } from './i18n.js';
import styles from './notify.module.css';

type Part = Pick<NotifySettings, 'quiet' | 'through'>;

/** The controls of silent hours and of what comes through them. */
export function QuietControls({ value, onChange }: { value: Part; onChange: (value: Part) => void }) {
  const text = useNotifyText();
  const { message } = App.useApp();
  const { quiet, through } = value;
  const set = (change: Partial<NotifySettings['quiet']>) => {
    const next = { ...quiet, ...change };
    if (next.from === next.to) message.warning(text('sameTime'));
    else onChange({ through, quiet: next });
  };
  return (
    <div className={styles.lines}>
      <div className={styles.line}>
        <Switch checked={quiet.on} onChange={(on) => set({ on })} aria-label={text('on')} />
        <span>{text('on')}</span>
      </div>
      {quiet.on && (
        <>
          <div className={styles.line}>
            {(['from', 'to'] as const).map((side) => (
              <span key={side} className={styles.line}>
                {text(side)}
                {side === 'to' && quiet.to < quiet.from && <span className="muted">{text('nextDay')}</span>}
                <TimePicker
                  format="HH:mm"
                  minuteStep={5}
                  allowClear={false}
                  needConfirm={false}
                  style={{ width: 96 }}
                  aria-label={text(side)}
                  value={dayjs(`2000-01-01T${quiet[side]}`)}
                  onChange={(time) => time && set({ [side]: time.format('HH:mm') })}
                />
              </span>
            ))}
          </div>
          <Checkbox checked={quiet.restDays} onChange={({ target }) => set({ restDays: target.checked })}>
            {text('rest')} <span className="muted">{text('restHint')}</span>
          </Checkbox>
          <div className={styles.line}>
            <span className="muted">{text('through')}</span>
            {(['approvals', 'urgent'] as const).map((key) => (
              <Checkbox
                key={key}
                checked={through[key]}
                onChange={({ target }) => onChange({ quiet, through: { ...through, [key]: target.checked } })}
              >
                {text(key)}
              </Checkbox>
            ))}
          </div>
        </>
      )}
    </div>
  );
}

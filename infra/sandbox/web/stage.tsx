import { useEffect, useState } from 'react';
import type { StageView, StepAction, StepView } from '../src/stage/contract.js';
import { post } from './api.js';
import { useLanguage } from './i18n.js';
import { useConnected, useLive, useNow } from './live.js';
import { LogPanel } from './panel/log-panel.js';
import { Shelf } from './panel/shelf.js';
import { Steps } from './panel/steps.js';
import { useToast } from './panel/toast.js';
import { TopBar } from './panel/top-bar.js';
import type { PhoneCommand } from './phone/phone.js';
import { PhoneStand } from './phone/phone-stand.js';

interface Slot {
  userid: string;
  corpId: string;
  command: PhoneCommand | null;
  /** When this slot got its person; the older one gives way. */
  since: number;
}

const POLL_MS = 4000;
type Pane = 'steps' | 'phones' | 'log';

function useSteps(): StepView[] {
  const { data, reload } = useLive<{ items: StepView[] }>('steps', (event) => event.kind === 'steps');
  // The application's own progress is not pushed here: look again now and then.
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return data?.items ?? [];
}

/** The whole page: ten steps, two phones, the calls behind them. */
export function Stage() {
  const { t } = useLanguage();
  const { data: stage } = useLive<StageView>(
    'stage',
    (event) => event.kind !== 'log' && event.kind !== 'steps' && event.kind !== 'card',
  );
  const steps = useSteps();
  const connected = useConnected();
  const now = useNow(stage?.ahead ?? 0);
  const toast = useToast();
  const [slots, setSlots] = useState<[Slot | null, Slot | null]>([null, null]);
  const [pane, setPane] = useState<Pane>('phones');
  const [front, setFront] = useState(0);
  const [shownCall, setShownCall] = useState<{ id: number; asked: number } | null>(null);

  if (!stage) return <div className="page-loading">{connected ? t('loading') : t('lost')}</div>;
  const firstCorp = stage.people[0]?.corps[0]?.corpId ?? '';
  const initial = (index: number): Slot => ({
    userid:
      stage.people.find((person) => person.userid === ['admin', 'wangfang'][index])?.userid ??
      stage.people[index]?.userid ??
      '',
    corpId: firstCorp,
    command: null,
    since: index,
  });
  const both = slots.map((slot, index) => slot ?? initial(index)) as [Slot, Slot];

  const change = (index: number, slot: Partial<Slot>): void => {
    const next: [Slot, Slot] = [both[0], both[1]];
    const before = next[index];
    if (before) next[index] = { ...before, ...slot };
    setSlots(next);
  };
  /** Puts a person on a phone: on theirs if they have one, else on the one that has stood longest. */
  const show = (userid: string, open?: PhoneCommand['open']): void => {
    const own = both.findIndex((slot) => slot.userid === userid);
    const index = own >= 0 ? own : both[0].since <= both[1].since ? 0 : 1;
    const person = stage.people.find((each) => each.userid === userid);
    const current = both[index];
    const lively = person?.corps.find((corp) => corp.unread > 0)?.corpId;
    const at = Date.now();
    change(index, {
      userid,
      corpId: own >= 0 ? (current?.corpId ?? firstCorp) : (lively ?? firstCorp),
      since: at,
      command: open ? { id: at, open } : null,
    });
    setFront(index);
    setPane('phones');
  };
  const act = (action: StepAction): void => {
    if (action.kind === 'console') window.open(action.url, 'lianke-console');
    else if (action.kind === 'phone') show(action.userid, action.open);
    else if (action.kind === 'redeliver') void post(`deliveries/${action.deliveryId}/redeliver`);
    else void advance(action.days);
  };
  const advance = async (days: number): Promise<void> => {
    const answer = await post<{ app: 'moved' | 'unsupported' | 'unreachable' }>('clock/advance', {
      days,
      // Whole days end in working time: reminders come in the morning, whenever the newcomer sits here.
      ...(days >= 1 ? { notBefore: '09:01' } : {}),
    });
    toast.say(answer.app === 'moved' ? t('appMoved') : t('appNotMoved', { reason: t(answer.app) }));
  };

  const panes = [
    { key: 'steps' as const, label: t('steps') },
    { key: 'phones' as const, label: t('phones') },
    { key: 'log' as const, label: t('log') },
  ];
  return (
    <div className="stage" data-pane={pane}>
      <TopBar stage={stage} now={now} onAdvance={(days) => void advance(days)} connected={connected} />
      <nav className="pane-tabs">
        {panes.map((each) => (
          <button
            key={each.key}
            type="button"
            className={each.key === pane ? 'on' : undefined}
            onClick={() => setPane(each.key)}
          >
            {each.label}
          </button>
        ))}
      </nav>
      <aside className="pane pane-steps">
        <Steps steps={steps} people={stage.people} onAct={act} />
      </aside>
      <main className="pane pane-phones">
        <Shelf people={stage.people} shown={both.map((slot) => slot.userid)} onPick={(userid) => show(userid)} />
        <div className="phones">
          {both.map((slot, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the two places are fixed, their persons change
            <div key={index} className={`phone-slot${index === front ? ' front' : ''}`}>
              <PhoneStand
                stage={stage}
                userid={slot.userid}
                corpId={slot.corpId}
                now={now}
                command={slot.command}
                onPerson={(userid) => change(index, { userid, since: Date.now(), command: null })}
                onCorp={(corpId) => change(index, { corpId, command: null })}
                onShowCall={(id) => {
                  setShownCall({ id, asked: Date.now() });
                  setPane('log');
                }}
              />
            </div>
          ))}
        </div>
      </main>
      <aside className="pane pane-log">
        <LogPanel stage={stage} shown={shownCall} />
      </aside>
      {toast.view}
    </div>
  );
}

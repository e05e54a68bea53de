import type { FaultInput } from '../../src/core/switches.js';
import type { StageView } from '../../src/stage/contract.js';
import { patch, post, remove } from '../api.js';
import { useLanguage } from '../i18n.js';
import type { WordKey } from '../words.js';

const FAULTS: { word: WordKey; fault: FaultInput }[] = [
  { word: 'fault.throttle', fault: { effect: { kind: 'errcode', errcode: 45009 }, times: 1 } },
  { word: 'fault.ip', fault: { effect: { kind: 'errcode', errcode: 60020 }, times: 1 } },
  { word: 'fault.busy', fault: { effect: { kind: 'errcode', errcode: -1 }, times: 1 } },
  { word: 'fault.gateway', fault: { effect: { kind: 'status', status: 502 }, times: 1 } },
  { word: 'fault.delay', fault: { effect: { kind: 'delay', ms: 3000 }, times: 1 } },
  { word: 'fault.drop', fault: { path: 'message/send', effect: { kind: 'drop' }, times: 1 } },
];

function describe(fault: FaultInput): string {
  const { effect } = fault;
  const what =
    effect.kind === 'errcode'
      ? `errcode ${effect.errcode}`
      : effect.kind === 'status'
        ? `HTTP ${effect.status}`
        : effect.kind === 'delay'
          ? `+${effect.ms} ms`
          : 'drop';
  return `${fault.path ?? '*'} → ${what}`;
}

/** Ways to make the platform misbehave on the application's next call. */
export function FaultPanel({ stage }: { stage: StageView }) {
  const { t } = useLanguage();
  const expire = async (): Promise<void> => {
    for (const app of stage.apps) await post(`corps/${app.corpId}/apps/${app.agentId}/expire-token`);
  };
  const { callbackDuplicate, callbackOutOfOrder } = stage.switches;
  return (
    <div className="faults">
      <p>{t('switchesHint')}</p>
      <div className="fault-buttons">
        <button type="button" onClick={() => void expire()}>
          {t('fault.expire')}
        </button>
        {FAULTS.map((each) => (
          <button key={each.word} type="button" onClick={() => void post('faults', each.fault)}>
            {t(each.word)}
          </button>
        ))}
        <button
          type="button"
          className={callbackDuplicate ? 'on' : undefined}
          aria-pressed={callbackDuplicate}
          onClick={() => void patch('switches', { callbackDuplicate: !callbackDuplicate })}
        >
          {t('fault.duplicate')}
        </button>
        <button
          type="button"
          className={callbackOutOfOrder ? 'on' : undefined}
          aria-pressed={callbackOutOfOrder}
          onClick={() => void patch('switches', { callbackOutOfOrder: !callbackOutOfOrder })}
        >
          {t('fault.order')}
        </button>
      </div>
      {stage.faults.length > 0 ? (
        <ul>
          {stage.faults.map((fault) => (
            <li key={fault.id}>
              <code>{describe(fault)}</code>
              <span>{fault.times === undefined ? t('active') : t('timesLeft', { n: fault.times })}</span>
              <button type="button" onClick={() => void remove(`faults/${fault.id}`)}>
                {t('close')}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

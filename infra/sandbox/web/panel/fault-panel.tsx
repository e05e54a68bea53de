import { useState } from 'react';
import type { FaultPreset } from '../../src/core/fault-presets.js';
import type { FaultInput, Switches } from '../../src/core/switches.js';
import type { DingSwitches } from '../../src/dingtalk/switches.js';
import type { StageView } from '../../src/stage/contract.js';
import { patch, post, remove } from '../api.js';
import { useLanguage } from '../i18n.js';
import type { WordKey } from '../words.js';

type Platform = 'wecom' | 'dingtalk';
type Asked = { preset: FaultPreset } | FaultInput;

const PRESETS: Record<Platform, [WordKey, Asked][]> = {
  wecom: [
    ['fault.throttle', { preset: 'wecom.throttled' }],
    ['fault.concurrent', { preset: 'wecom.concurrent' }],
    ['fault.ip', { preset: 'wecom.ip' }],
    ['fault.busy', { preset: 'wecom.busy' }],
    ['fault.disabled', { preset: 'wecom.disabled' }],
    ['fault.notJson', { preset: 'wecom.notJson' }],
    ['fault.gateway', { platform: 'wecom', effect: { kind: 'status', status: 502 } }],
    ['fault.delay', { platform: 'wecom', effect: { kind: 'delay', ms: 3000 } }],
    ['fault.drop', { path: 'message/send', effect: { kind: 'drop' } }],
  ],
  dingtalk: [
    ['fault.dingThrottle', { preset: 'ding.throttled' }],
    ['fault.dingMinute', { preset: 'ding.perMinute' }],
    ['fault.dingSuite', { preset: 'ding.suiteThrottled' }],
    ['fault.dingEveryone', { preset: 'ding.everyone' }],
    ['fault.dingQuota', { preset: 'ding.quota' }],
    ['fault.dingBlocked', { preset: 'ding.blocked' }],
    ['fault.ip', { preset: 'ding.ip' }],
    ['fault.busy', { preset: 'ding.busy' }],
    ['fault.dingCardBusy', { preset: 'ding.cardBusy' }],
    ['fault.dingUnsafe', { preset: 'ding.unsafe' }],
    ['fault.dingTodoLocked', { preset: 'ding.todoLocked' }],
    ['fault.dingTodoFlow', { preset: 'ding.todoFlow' }],
    ['fault.dingTodoSystem', { preset: 'ding.todoSystem' }],
    ['fault.gateway', { platform: 'dingtalk', effect: { kind: 'status', status: 502 } }],
    ['fault.delay', { platform: 'dingtalk', effect: { kind: 'delay', ms: 3000 } }],
    ['fault.drop', { path: 'asyncsend_v2', effect: { kind: 'drop' } }],
  ],
};

const WECOM_TOGGLES = [
  ['fault.duplicate', 'callbackDuplicate'],
  ['fault.order', 'callbackOutOfOrder'],
  ['fault.strict', 'strictSetup'],
] as const satisfies [WordKey, keyof Switches][];
const DING_TOGGLES = [
  ['fault.duplicate', 'pushTwice'],
  ['fault.order', 'pushOutOfOrder'],
  ['fault.robotHeld', 'robotFlowControlled'],
  ['fault.strict', 'strictSetup'],
] as const satisfies [WordKey, keyof DingSwitches][];

function describe(fault: FaultInput): string {
  const { effect } = fault;
  return `${fault.path ?? '*'} → ${effectWords(effect)}`;
}

function effectWords(effect: FaultInput['effect']): string {
  switch (effect.kind) {
    case 'errcode':
      return `errcode ${effect.errcode}`;
    case 'status':
      return `HTTP ${effect.status}`;
    case 'answer':
      return `HTTP ${effect.status} ${typeof effect.body === 'string' ? 'HTML' : String(effect.body.code ?? effect.body.status ?? 'JSON')}`;
    case 'delay':
      return `+${effect.ms} ms`;
    case 'drop':
      return 'drop';
  }
}

/** Ways to make a platform misbehave on the application's next call. */
export function FaultPanel({ stage }: { stage: StageView }) {
  const { t } = useLanguage();
  const [platform, setPlatform] = useState<Platform>('wecom');
  const expire = async (): Promise<void> => {
    if (platform === 'wecom')
      for (const app of stage.apps) await post(`corps/${app.corpId}/apps/${app.agentId}/expire-token`);
    else for (const appKey of stage.dingApps) await post(`dingtalk/apps/${appKey}/expire-token`, { as: 'expired' });
  };
  return (
    <div className="faults">
      <p>{t('switchesHint')}</p>
      <div className="fault-buttons" role="tablist">
        {(['wecom', 'dingtalk'] as const).map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            aria-selected={platform === each}
            className={platform === each ? 'on' : undefined}
            onClick={() => setPlatform(each)}
          >
            {t(each)}
          </button>
        ))}
      </div>
      <div className="fault-buttons">
        <button type="button" onClick={() => void expire()}>
          {t('fault.expire')}
        </button>
        {PRESETS[platform].map(([word, asked]) => (
          <button key={word} type="button" onClick={() => void post('faults', { ...asked, times: 1 })}>
            {t(word)}
          </button>
        ))}
        {platform === 'wecom'
          ? WECOM_TOGGLES.map(([word, name]) => (
              <Toggle key={name} word={word} on={stage.switches[name]} path="switches" name={name} />
            ))
          : DING_TOGGLES.map(([word, name]) => (
              <Toggle key={name} word={word} on={stage.dingSwitches[name]} path="dingtalk/switches" name={name} />
            ))}
        {platform === 'dingtalk' ? <NoticeControls switches={stage.dingSwitches} /> : null}
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

function Toggle({ word, on, path, name }: { word: WordKey; on: boolean; path: string; name: string }) {
  const { t } = useLanguage();
  return (
    <button
      type="button"
      className={on ? 'on' : undefined}
      aria-pressed={on}
      onClick={() => void patch(path, { [name]: !on })}
    >
      {t(word)}
    </button>
  );
}

/** Work notices that arrive late, or are held back although the call succeeded. */
function NoticeControls({ switches }: { switches: DingSwitches }) {
  const { t } = useLanguage();
  const change = (next: Partial<DingSwitches>) => void patch('dingtalk/switches', next);
  const { noticeDelayMs, noticeForbidden } = switches;
  return (
    <>
      <button
        type="button"
        className={noticeDelayMs > 0 ? 'on' : undefined}
        aria-pressed={noticeDelayMs > 0}
        onClick={() => change({ noticeDelayMs: noticeDelayMs > 0 ? 0 : 3000 })}
      >
        {t('fault.noticeLate')}
      </button>
      {(['143103', '143105', '1430004'] as const).map((code) => (
        <button
          key={code}
          type="button"
          className={noticeForbidden === code ? 'on' : undefined}
          aria-pressed={noticeForbidden === code}
          onClick={() => change({ noticeForbidden: noticeForbidden === code ? null : code })}
        >
          {t('fault.noticeHeld', { code })}
        </button>
      ))}
    </>
  );
}

import { useState } from 'react';
import type { PersonView, StepAction, StepView } from '../../src/stage/contract.js';
import { post } from '../api.js';
import { type Translate, useLanguage } from '../i18n.js';
import { CheckIcon } from '../phone/icons.js';
import type { WordKey } from '../words.js';

interface StepsProps {
  steps: StepView[];
  people: PersonView[];
  onAct: (action: StepAction) => void;
}

function labelOf(action: StepAction, people: PersonView[], t: Translate): string {
  switch (action.kind) {
    case 'console':
      return t(action.to ?? 'openConsole');
    case 'advance':
      return t('advanceDays', { n: action.days });
    case 'redeliver':
      return t('redeliver');
    case 'phone': {
      const name = people.find((person) => person.userid === action.userid)?.name ?? action.userid;
      return action.open === 'scanner' ? t('scanOn', { name }) : t('showOn', { name });
    }
  }
}

/** The walk as a check-list that ticks itself. The step at hand is open; others open on a click. */
export function Steps({ steps, people, onAct }: StepsProps) {
  const { t } = useLanguage();
  const [opened, setOpened] = useState<string | null>(null);
  const current = steps.find((step) => step.state !== 'done')?.key ?? null;
  const done = steps.filter((step) => step.state === 'done').length;
  return (
    <section className="steps">
      <header>
        <h2>{t('steps')}</h2>
        <span>{t('stepsDone', { done, all: steps.length })}</span>
      </header>
      <progress className="steps-progress" max={Math.max(1, steps.length)} value={done} />
      <ol>
        {steps.map((step, index) => (
          <Step
            key={step.key}
            step={step}
            number={index + 1}
            open={(opened ?? current) === step.key || step.state === 'failed'}
            current={current === step.key}
            people={people}
            onToggle={() => setOpened(opened === step.key ? null : step.key)}
            onAct={onAct}
          />
        ))}
      </ol>
    </section>
  );
}

interface StepProps {
  step: StepView;
  number: number;
  open: boolean;
  current: boolean;
  people: PersonView[];
  onToggle: () => void;
  onAct: (action: StepAction) => void;
}

function Step({ step, number, open, current, people, onToggle, onAct }: StepProps) {
  const { t } = useLanguage();
  const [first, ...rest] = step.actions;
  return (
    <li className={`step ${step.state}${current ? ' current' : ''}`} data-step={step.key} data-state={step.state}>
      <button
        type="button"
        className="step-mark"
        title={step.state === 'done' ? t('untick') : t('tickByHand')}
        aria-label={step.state === 'done' ? t('untick') : t('tickByHand')}
        onClick={() => void post(`steps/${step.key}`, { done: step.state !== 'done' })}
      >
        {step.state === 'done' ? <CheckIcon size={14} /> : step.state === 'failed' ? '!' : number}
      </button>
      <div className="step-body">
        <button type="button" className="step-title" aria-expanded={open} onClick={onToggle}>
          {t(`step.${step.key}` as WordKey)}
        </button>
        {step.note ? <p className="step-note">{t(`note.${step.note.phrase}`, { ...step.note })}</p> : null}
        {open ? (
          <>
            <p className="step-hint">{t(`step.${step.key}.hint` as WordKey)}</p>
            <div className="step-actions">
              {first ? (
                <button
                  type="button"
                  className={current || step.state === 'failed' ? 'primary' : undefined}
                  onClick={() => onAct(first)}
                >
                  {step.state === 'failed' ? t('continueHere') : labelOf(first, people, t)}
                </button>
              ) : null}
              {rest.map((action) => (
                <button key={labelOf(action, people, t)} type="button" onClick={() => onAct(action)}>
                  {labelOf(action, people, t)}
                </button>
              ))}
            </div>
          </>
        ) : null}
      </div>
    </li>
  );
}

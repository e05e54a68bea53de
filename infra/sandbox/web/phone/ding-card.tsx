import { useState } from 'react';
import type { DingContent, PersonView } from '../../src/stage/contract.js';
import { post } from '../api.js';
import { refusalText, useLanguage } from '../i18n.js';
import type { OpenTarget } from './conversation.js';
import { RightIcon } from './icons.js';

type Card = Extract<DingContent, { kind: 'ding_card' }>;
type Notice = Extract<DingContent, { kind: 'ding_notice' }>;

const slots = [1, 2, 3];

function linesOf(values: Record<string, string>): { label: string; text: string }[] {
  try {
    const lines: unknown = JSON.parse(values.contents ?? '[]');
    return Array.isArray(lines) ? (lines as { label: string; text: string }[]) : [];
  } catch {
    return [];
  }
}

interface DingCardProps {
  id: string;
  card: Card;
  person: PersonView;
  appName: string;
  onOpen: OpenTarget;
}

/** An interactive card as its template draws it: title, lines, buttons while it waits, the outcome once it is decided. */
export function DingCardView({ id, card, person, appName, onOpen }: DingCardProps) {
  const { t, language } = useLanguage();
  const [problem, setProblem] = useState<string | null>(null);
  const [pressed, setPressed] = useState<string | null>(null);
  const [told, setTold] = useState(false);
  const { values } = card;
  const done = values.status === 'done';
  const last = card.presses.at(-1);
  const press = async (slot: number, action: string): Promise<void> => {
    setProblem(null);
    setPressed(action);
    try {
      await post('dingtalk/cards/press', {
        appKey: card.appKey,
        outTrackId: id,
        userid: person.userid,
        actionId: `a${slot}`,
        params: { action },
      });
      setTold(done);
    } catch (error) {
      setProblem(refusalText(error, language, t));
    } finally {
      setPressed(null);
    }
  };
  const buttons = slots.flatMap((slot) => {
    const text = values[`a${slot}_text`];
    return text ? [{ slot, text, action: values[`a${slot}_key`] ?? '' }] : [];
  });
  return (
    <article className="card ding-card" data-card={id} data-status={values.status}>
      <button type="button" className="ding-face" onClick={() => void onOpen({ url: values.url ?? '' }, appName)}>
        <h3>{values.title}</h3>
        {values.description ? <p className="card-desc">{values.description}</p> : null}
        <dl className="card-rows">
          {linesOf(values).map((line) => (
            <div key={line.label}>
              <dt>{line.label}</dt>
              <dd>{line.text}</dd>
            </div>
          ))}
        </dl>
      </button>
      {done && values.outcome ? (
        <button
          type="button"
          className="ding-outcome"
          disabled={!person.online}
          onClick={() => void press(1, last?.action ?? values.a1_key ?? '')}
        >
          {values.outcome}
        </button>
      ) : (
        <div className="ding-buttons">
          {buttons.map(({ slot, text, action }) => (
            <button
              key={slot}
              type="button"
              className={slot === 1 ? 'first' : undefined}
              disabled={!person.online || pressed !== null}
              onClick={() => void press(slot, action)}
            >
              {text}
            </button>
          ))}
        </div>
      )}
      {values.open_text ? (
        <button type="button" className="ding-more" onClick={() => void onOpen({ url: values.url ?? '' }, appName)}>
          {values.open_text}
          <RightIcon size={16} />
        </button>
      ) : null}
      {pressed !== null ? <div className="card-note">{t('submitted')}</div> : null}
      {told && done ? <div className="card-note">{t('dingDecided', { outcome: values.outcome ?? '' })}</div> : null}
      {last?.state === 'failed' && !done ? (
        <div className="card-note bad">{t('notDelivered', { problem: last.problem ?? '' })}</div>
      ) : null}
      {problem ? <div className="card-note bad">{problem}</div> : null}
    </article>
  );
}

/** A work notice: an OA message with its state, or a card with one link. */
export function DingNoticeView({ notice, appName, onOpen }: { notice: Notice; appName: string; onOpen: OpenTarget }) {
  return (
    <button
      type="button"
      className="card ding-card card-button"
      onClick={() => void onOpen({ url: notice.url }, appName)}
    >
      <h3>{notice.title}</h3>
      {notice.text ? <p className="card-desc pre">{notice.text}</p> : null}
      {notice.rows.length > 0 ? (
        <dl className="card-rows">
          {notice.rows.map((row) => (
            <div key={row.key}>
              <dt>{row.key.replace(/：$/, '')}</dt>
              <dd>{row.value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {notice.bar ? <span className={`ding-bar${notice.bar.done ? ' done' : ''}`}>{notice.bar.value}</span> : null}
      <span className="ding-more">
        {notice.more}
        <RightIcon size={16} />
      </span>
    </button>
  );
}

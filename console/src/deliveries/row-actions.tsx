import { type Delivery, recallReasons, recallSeconds } from '@lianke/shared/chat/deliveries';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Popconfirm, Tooltip } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { formatRecent } from '../shared/format.js';
import styles from '../shared/log-page.module.css';
import { type DeliveryText, useDeliveryText } from './i18n.js';
import { deliveriesKey } from './use-deliveries.js';

/** Whether a message is one that may be taken back, were it not too late. */
function mayRecall({ state, recall }: Delivery): boolean {
  return (state === 'sent' || state === 'queued') && (recall === null || recall.state === 'failed');
}

/** Puts what was not sent back into the queue. */
export function Resend({ id }: { id: Delivery['id'] }) {
  const text = useDeliveryText();
  const { message } = App.useApp();
  const { busy, run } = useAction();
  const resend = () =>
    run(async () => {
      await api('deliveries.resend', { params: { id } });
      message.success(text('resent'));
    });
  return (
    <Button size="small" loading={busy} onClick={() => void resend()}>
      {text('resend')}
    </Button>
  );
}

/** Takes a message back, for its receiver or for everybody who was told the same. */
export function RecallButton({ item }: { item: Delivery }) {
  const text = useDeliveryText();
  const { message, modal } = App.useApp();
  const { busy, run } = useAction();
  const [everybody, setEverybody] = useState(false);
  if (!mayRecall(item)) return null;
  const late = item.sentAt !== null && Date.now() - Date.parse(item.sentAt) > recallSeconds * 1000;
  if (late)
    return (
      <Tooltip title={text('recallReason.tooLate')}>
        <Button size="small" type="text" disabled>
          {text('recall')}
        </Button>
      </Tooltip>
    );
  const recall = () =>
    run(async () => {
      const answer = await api('deliveries.recall', { params: { id: item.id }, body: { everybody } });
      if (answer.refused.length === 0) {
        message.success(text(answer.asked > 0 ? 'recallAsked' : 'recallDropped'));
        return;
      }
      modal.warning({
        title: text('recallSome', { done: answer.asked + answer.dropped, refused: answer.refused.length }),
        content: (
          <ul>
            {answer.refused.map((each) => (
              <li key={each.member.id}>
                {each.member.label}
                {text('colon')}
                {recallReasonOf(each.reason, text)}
              </li>
            ))}
          </ul>
        ),
      });
    });
  return (
    <Popconfirm
      title={text('recallTitle', { name: item.member.label })}
      description={
        <div style={{ maxWidth: 'min(280px, 60vw)' }}>
          <div className="muted">{text(item.state === 'queued' ? 'recallQueuedHint' : 'recallHint')}</div>
          {item.receivers > 1 && (
            <Checkbox checked={everybody} onChange={(event) => setEverybody(event.target.checked)}>
              {text('recallEverybody', { n: item.receivers })}
            </Checkbox>
          )}
        </div>
      }
      okText={text('recall')}
      cancelText={text('cancel')}
      onConfirm={() => void recall()}
      onOpenChange={(open) => open && setEverybody(false)}
    >
      <Button size="small" type="text" loading={busy}>
        {text('recall')}
      </Button>
    </Popconfirm>
  );
}

/** What came of taking a message back, by whom and when. */
export function RecallLine({ recall }: { recall: NonNullable<Delivery['recall']> }) {
  const text = useDeliveryText();
  const who = recall.by?.label ?? text('recallBySystem');
  const line = text(`recall.${recall.state}`, { who, at: formatRecent(recall.at) });
  return (
    <span className={recall.state === 'failed' ? styles.error : 'muted'}>
      {line}
      {recall.state === 'failed' && recall.error && `${text('colon')}${recallReasonOf(recall.error, text)}`}
    </span>
  );
}

function recallReasonOf(reason: string, text: DeliveryText): string {
  const known = Object.hasOwn(recallReasons, reason) && recallReasons[reason as keyof typeof recallReasons];
  return known ? text(`recallReason.${known}`) : reason;
}

/** Runs one call at a time, says what failed, and reads the log anew. */
function useAction() {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: deliveriesKey });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}

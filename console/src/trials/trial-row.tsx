import type { Principal } from '@lianke/shared/apps/access';
import type { AppId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Modal, Skeleton, Space, Tag } from 'antd';
import { useState } from 'react';
import { PrincipalsPicker } from '../access/principals-picker.js';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { formatDatetime, formatTotal } from '../shared/format.js';
import { useTrialText } from './i18n.js';

/** 试运行 of one app: begun, changed, cleared and ended here. */
export function TrialRow({ appId }: { appId: AppId }) {
  const text = useTrialText();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [draft, setDraft] = useState<Principal[]>();
  const [busy, setBusy] = useState(false);
  const [reading, setReading] = useState(false);
  const queryKey = ['trial', appId];
  const params = { appId };
  const trial = useQuery({ queryKey, queryFn: () => api('trials.get', { params }) });
  if (trial.isPending) return <Skeleton active title={false} paragraph={{ rows: 1 }} />;
  if (!trial.data) return <Alert type="error" showIcon title={messageOf(trial.error)} />;
  const { on, startedAt, records, feedback } = trial.data;
  const testers = draft ?? trial.data.testers.map(({ kind, id }) => ({ kind, id }));

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
    await Promise.all([client.invalidateQueries({ queryKey }), client.invalidateQueries({ queryKey: keys.apps })]);
  };
  const save = () =>
    attempt(async () => {
      await api('trials.start', { params, body: { testers } });
      setDraft(undefined);
      message.success(text(on ? 'saved' : 'started'));
    });
  const clear = async () => {
    const sure = await modal.confirm({
      title: text('clearTitle', { n: formatTotal(records) }),
      content: text('clearHint'),
      okText: text('clear'),
      okButtonProps: { danger: true },
    });
    if (!sure) return;
    await attempt(async () => {
      const result = await api('trials.clear', { params });
      if (result.failed > 0) message.warning(text('clearedSome', result), 10);
      else message.success(text('cleared', result));
    });
  };
  const end = async () => {
    const sure = await modal.confirm({
      title: text('endTitle'),
      content: text('endHint', { n: formatTotal(records) }),
      okText: text('end'),
    });
    if (!sure) return;
    await attempt(async () => {
      await api('trials.end', { params });
      setDraft(undefined);
      message.success(text('ended'));
    });
  };

  return (
    <div style={{ display: 'grid', gap: 8 }}>
      <PrincipalsPicker label={text('testers')} value={testers} onChange={setDraft} />
      <Space wrap>
        {(!on || draft !== undefined) && (
          <Button loading={busy} disabled={testers.length === 0} onClick={() => void save()}>
            {text(on ? 'save' : 'start')}
          </Button>
        )}
        {on && (
          <>
            <Button danger disabled={busy || records === 0} onClick={() => void clear()}>
              {text('clear')}
            </Button>
            <Button disabled={busy} onClick={() => void end()}>
              {text('end')}
            </Button>
          </>
        )}
        {feedback > 0 && (
          <Button type="link" onClick={() => setReading(true)}>
            {text('feedbacks')} {formatTotal(feedback)}
          </Button>
        )}
      </Space>
      <span className="muted">
        {on && startedAt ? (
          <>
            <Tag color="orange">{text('tag')}</Tag>
            {text('since', { time: formatDatetime(startedAt) })} · {text('facts', { records, feedback })}
          </>
        ) : (
          text('hint')
        )}
      </span>
      <FeedbackList appId={appId} open={reading} onClose={() => setReading(false)} />
    </div>
  );
}

function FeedbackList({ appId, open, onClose }: { appId: AppId; open: boolean; onClose: () => void }) {
  const text = useTrialText();
  const list = useQuery({
    queryKey: ['trial-feedback', appId],
    queryFn: async () => (await api('trials.feedbacks', { params: { appId } })).items,
    enabled: open,
  });
  return (
    <Modal
      open={open}
      title={text('feedbacks')}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{text('close')}</Button>}
    >
      {list.isPending && <Skeleton active title={false} />}
      {list.error && <Alert type="error" showIcon title={messageOf(list.error)} />}
      {list.data?.length === 0 && <span className="muted">{text('noFeedback')}</span>}
      <div style={{ display: 'grid', gap: 12, maxHeight: 420, overflowY: 'auto' }}>
        {list.data?.map((item) => (
          <div key={item.id}>
            <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{item.text}</div>
            <div className="muted tabular">
              {[item.by.label, formatDatetime(item.at), item.page].filter(Boolean).join(' · ')}
            </div>
          </div>
        ))}
      </div>
    </Modal>
  );
}

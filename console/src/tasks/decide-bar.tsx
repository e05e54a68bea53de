import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { TaskId } from '@lianke/shared/ids';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { isCode, messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { TransferDialog } from './transfer-dialog.js';

type Decision = 'approve' | 'reject';
const chips = ['agree', 'price', 'papers', 'talk'] as const;

/** The fixed bar: comment, 同意, 拒绝, 转办; after deciding, the way to the next approval. */
export function DecideBar({ task }: { task: TaskDetail }) {
  const { t } = useTranslation('tasks');
  const client = useQueryClient();
  const [comment, setComment] = useState('');
  const [reasonMissing, setReasonMissing] = useState(false);
  const [handedOver, setHandedOver] = useState<AnswerOf<'tasks.transfer'> | null>(null);
  const [picking, setPicking] = useState(false);
  const settled = (result: AnswerOf<'tasks.approve'>) => {
    client.setQueryData(keys.tasks('one', task.id), result.task);
    void client.invalidateQueries({ queryKey: keys.tasks('list') });
    void client.invalidateQueries({ queryKey: keys.tasks('bell') });
  };
  const decide = useMutation<AnswerOf<'tasks.approve'>, unknown, Decision>({
    mutationFn: (decision) => {
      const text = comment.trim();
      const body = text ? { comment: text } : {};
      return api(decision === 'approve' ? 'tasks.approve' : 'tasks.reject', {
        params: { id: task.id as TaskId },
        body,
      });
    },
    onSuccess: settled,
    onError: () => client.invalidateQueries({ queryKey: keys.tasks() }),
  });
  const press = (decision: Decision) => {
    const missing = decision === 'reject' && task.commentOnReject && comment.trim() === '';
    setReasonMissing(missing);
    if (!missing) decide.mutate(decision);
  };

  const finished = decide.data ?? handedOver;
  if (finished) {
    const { next, left, task: decided } = finished;
    const outcome = t(`state.${decided.state}`);
    return (
      <Bar>
        <span role="status" style={{ flex: 1 }}>
          {next ? '' : t('approval.last', { outcome })}
        </span>
        <Link to="/tasks">
          <Button tabIndex={-1}>{t('approval.toList')}</Button>
        </Link>
        {next && (
          <Link to={`/tasks/${next.id}`}>
            <Button type="primary" tabIndex={-1}>
              {t('approval.next', { outcome, n: left })}
            </Button>
          </Link>
        )}
      </Bar>
    );
  }
  if (isCode(decide.error, 'already_handled')) {
    return (
      <Bar>
        <Alert type="info" showIcon title={messageOf(decide.error)} style={{ flex: 1 }} />
        <Link to="/tasks">
          <Button tabIndex={-1}>{t('approval.toList')}</Button>
        </Link>
      </Bar>
    );
  }
  if (!task.mayDecide) {
    const last = task.progress.findLast((entry) => entry.action === 'approved' || entry.action === 'rejected');
    const text =
      task.state === 'transferred'
        ? t('approval.handedOver')
        : task.state !== 'pending' && task.state !== 'queued' && last?.who
          ? t('approval.handled', { who: last.who.label, outcome: t(`approval.action.${last.action}`) })
          : t(task.state === 'queued' ? 'approval.notYet' : 'approval.notYours');
    return (
      <Bar>
        <Alert type="info" showIcon title={text} style={{ flex: 1 }} />
        <Link to="/tasks">
          <Button tabIndex={-1}>{t('approval.toList')}</Button>
        </Link>
      </Bar>
    );
  }
  return (
    <Bar>
      <div className="approval-comment">
        {decide.error !== null && decide.error !== undefined && (
          <Alert type="error" showIcon title={messageOf(decide.error)} style={{ marginBottom: 8 }} />
        )}
        <div className="comment-chips">
          {chips.map((chip) => (
            <button
              key={chip}
              type="button"
              onClick={() => {
                setComment(t(`approval.chip.${chip}`));
                setReasonMissing(false);
              }}
            >
              {t(`approval.chip.${chip}`)}
            </button>
          ))}
        </div>
        <Input.TextArea
          aria-label={t('approval.comment')}
          placeholder={t('approval.commentHint')}
          autoSize={{ minRows: 1, maxRows: 4 }}
          maxLength={1000}
          value={comment}
          status={reasonMissing ? 'error' : ''}
          onChange={(event) => {
            setComment(event.target.value);
            setReasonMissing(false);
          }}
        />
        {reasonMissing && (
          <div role="alert" style={{ color: 'var(--ant-color-error)', fontSize: 13 }}>
            {t('approval.reasonMissing')}
          </div>
        )}
      </div>
      <Button size="large" onClick={() => setPicking(true)}>
        {t('approval.transfer')}
      </Button>
      {picking && (
        <TransferDialog
          id={task.id}
          comment={comment}
          onClose={() => setPicking(false)}
          onDone={(result) => {
            setPicking(false);
            setHandedOver(result);
            settled(result);
          }}
        />
      )}
      <Button
        danger
        size="large"
        loading={decide.isPending && decide.variables === 'reject'}
        onClick={() => press('reject')}
      >
        {t('approval.reject')}
      </Button>
      <Button
        type="primary"
        size="large"
        loading={decide.isPending && decide.variables === 'approve'}
        onClick={() => press('approve')}
      >
        {t('approval.approve')}
      </Button>
    </Bar>
  );
}

function Bar({ children }: { children: React.ReactNode }) {
  return (
    <div className="approval-bar">
      <div className="approval-bar-inner">{children}</div>
    </div>
  );
}

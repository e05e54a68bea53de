import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FileId, MemberId, TaskId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { type TaskAction, taskActions } from '@lianke/shared/tasks/take-action';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Dropdown, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { isCode, messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { filesOf } from '../fields/attachment.js';
import { FieldEditor } from '../shared/field-editor.js';
import { MembersPicker } from '../shared/member-picker.js';
import { ActionDialog } from './action-dialog.js';
import { FillBar } from './fill-bar.js';
import type { NodeValues } from './node-form.js';
import { PhraseChips } from './phrase-chips.js';
import './words.js';

type Decision = 'approve' | 'reject';

interface Props {
  task: TaskDetail;
  /** What the reader filled in of the fields this node lets him edit; undefined where nothing was touched. */
  values: NodeValues;
}

/** The fixed bar: comment, 同意, 拒绝, and the rest under 更多; after deciding, the way to the next approval. */
export function DecideBar({ task, values }: Props) {
  const { t } = useTranslation('tasks');
  const { t: a } = useTranslation('taskActions');
  const client = useQueryClient();
  const [comment, setComment] = useState('');
  const [reasonMissing, setReasonMissing] = useState(false);
  const [signature, setSignature] = useState<Json>(null);
  const [attachments, setAttachments] = useState<Json>(null);
  const [cc, setCc] = useState<string[]>([]);
  const [extras, setExtras] = useState(false);
  const [left, setLeft] = useState<AnswerOf<'tasks.transfer'> | null>(null);
  const [open, setOpen] = useState<TaskAction | null>(null);
  const settled = (result: AnswerOf<'tasks.approve'>) => {
    client.setQueryData(keys.tasks('one', task.id), result.task);
    void client.invalidateQueries({ queryKey: keys.tasks() });
    if (task.subject) void client.invalidateQueries({ queryKey: keys.data(task.subject.formId) });
  };
  const decide = useMutation<AnswerOf<'tasks.approve'>, unknown, Decision>({
    mutationFn: (decision) => {
      const text = comment.trim();
      const [signed] = filesOf(signature);
      const files = filesOf(attachments).map((file) => file.id as FileId);
      const body = {
        ...(text ? { comment: text } : {}),
        ...(Object.keys(values).length > 0 ? { values } : {}),
        ...(signed ? { signature: signed.id as FileId } : {}),
        ...(files.length > 0 ? { attachments: files } : {}),
        ...(cc.length > 0 ? { cc: cc as MemberId[] } : {}),
      };
      return api(decision === 'approve' ? 'tasks.approve' : 'tasks.reject', {
        params: { id: task.id as TaskId },
        body,
      });
    },
    onSuccess: settled,
    onError: () => client.invalidateQueries({ queryKey: keys.tasks() }),
  });
  const press = (decision: Decision) => {
    const needed = decision === 'reject' ? task.commentOnReject : task.commentOnApprove;
    const missing = needed && comment.trim() === '';
    setReasonMissing(missing);
    if (!missing) decide.mutate(decision);
  };

  const finished = decide.data ?? left;
  if (finished) return <After result={finished} />;
  if (isCode(decide.error, 'already_handled')) {
    return (
      <Bar>
        <Alert type="info" showIcon title={messageOf(decide.error)} style={{ flex: 1 }} />
        <ToList />
      </Bar>
    );
  }
  const more = taskActions.filter((action) => task.actions.includes(action));
  const dialog = open && (
    <ActionDialog
      action={open}
      task={task}
      comment={comment}
      onClose={() => setOpen(null)}
      onLeft={(result) => {
        setOpen(null);
        setLeft(result);
        settled(result);
      }}
      onDone={() => {
        setOpen(null);
        void client.invalidateQueries({ queryKey: keys.tasks() });
      }}
    />
  );
  const menu = (skip: readonly string[]) => {
    const items = more.filter((action) => !skip.includes(action));
    return items.length === 0 ? null : (
      <Dropdown
        trigger={['click']}
        menu={{
          items: items.map((action) => ({ key: action, label: a(`action.${action}`) })),
          onClick: ({ key }) => setOpen(key as TaskAction),
        }}
      >
        <Button size="large">{a('more')}</Button>
      </Dropdown>
    );
  };
  if (task.actions.includes('fill')) {
    return (
      <Bar>
        <FillBar
          task={task}
          values={values}
          onDone={(result) => {
            setLeft(result);
            settled(result);
          }}
        />
        {menu([])}
        {dialog}
      </Bar>
    );
  }
  const asked = more.find((action) => ['choose', 'resubmit', 'answer', 'advise'].includes(action));
  if (!task.mayDecide && asked) {
    return (
      <Bar>
        <Alert type="warning" showIcon title={task.question ?? a(`asked.${asked as 'choose'}`)} style={{ flex: 1 }} />
        {menu([asked])}
        <Button type="primary" size="large" onClick={() => setOpen(asked)}>
          {a(`action.${asked}`)}
        </Button>
        {dialog}
      </Bar>
    );
  }
  if (!task.mayDecide) {
    const last = task.progress.findLast((entry) => entry.action === 'approved' || entry.action === 'rejected');
    const text =
      task.state === 'transferred'
        ? t('approval.handedOver')
        : task.state !== 'pending' && task.state !== 'queued' && task.state !== 'held' && last?.who
          ? t('approval.handled', { who: last.who.label, outcome: t(`approval.action.${last.action}`) })
          : t(task.state === 'queued' ? 'approval.notYet' : 'approval.notYours');
    return (
      <Bar>
        <Alert type="info" showIcon title={text} style={{ flex: 1 }} />
        {menu([])}
        <ToList />
        {dialog}
      </Bar>
    );
  }
  return (
    <Bar>
      <div className="approval-comment">
        {decide.error !== null && decide.error !== undefined && (
          <Alert type="error" showIcon title={messageOf(decide.error)} style={{ marginBottom: 8 }} />
        )}
        <PhraseChips
          onPick={(text) => {
            setComment(text);
            setReasonMissing(false);
          }}
        />
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
        {(task.signature || extras) && (
          <div className="approval-extras">
            {task.signature && (
              <FieldEditor
                field={{ key: 'signature', name: a('signature'), type: 'signature', config: {} }}
                label={a('signature')}
                value={signature}
                onChange={setSignature}
              />
            )}
            {extras && (
              <>
                <FieldEditor
                  field={{ key: 'attachments', name: a('attachments'), type: 'attachment', config: {} }}
                  label={a('attachments')}
                  value={attachments}
                  onChange={setAttachments}
                />
                {task.actions.includes('cc') && (
                  <MembersPicker value={cc} label={a('ccHint')} placeholder={a('ccHint')} onChange={setCc} />
                )}
              </>
            )}
          </div>
        )}
        {!extras && (
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setExtras(true)}>
            {a(task.actions.includes('cc') ? 'extras' : 'attachments')}
          </Button>
        )}
      </div>
      {menu([])}
      {task.actions.includes('reject') && (
        <Button
          danger
          size="large"
          loading={decide.isPending && decide.variables === 'reject'}
          onClick={() => press('reject')}
        >
          {t('approval.reject')}
        </Button>
      )}
      <Button
        type="primary"
        size="large"
        loading={decide.isPending && decide.variables === 'approve'}
        onClick={() => press('approve')}
      >
        {t('approval.approve')}
      </Button>
      {dialog}
    </Bar>
  );
}

function After({ result: { next, left, task } }: { result: AnswerOf<'tasks.approve'> }) {
  const { t } = useTranslation('tasks');
  const outcome = t(`state.${task.state}`);
  return (
    <Bar>
      <span role="status" style={{ flex: 1, alignSelf: 'center' }}>
        {next ? '' : t('approval.last', { outcome })}
      </span>
      <ToList />
      {next && (
        <Link to={`/tasks/${next.id}`}>
          <Button type="primary" size="large" tabIndex={-1}>
            {t('approval.next', { outcome, n: left })}
          </Button>
        </Link>
      )}
    </Bar>
  );
}

function ToList() {
  const { t } = useTranslation('tasks');
  return (
    <Link to="/tasks">
      <Button size="large" tabIndex={-1}>
        {t('approval.toList')}
      </Button>
    </Link>
  );
}

function Bar({ children }: { children: React.ReactNode }) {
  return (
    <div className="approval-bar">
      <div className="approval-bar-inner">{children}</div>
    </div>
  );
}

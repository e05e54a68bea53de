import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { TaskId } from '@lianke/shared/ids';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { fieldMessagesOf, messageOf } from '../api/errors.js';
import { useForm } from '../api/queries.js';
import { colon, semicolon } from '../i18n/punctuation.js';
import type { NodeValues } from './node-form.js';
import './words.js';

interface Props {
  task: TaskDetail;
  values: NodeValues;
  onDone: (result: AnswerOf<'tasks.fill'>) => void;
}

/** 填写: hands in what was filled in; the flow goes on. */
export function FillBar({ task, values, onDone }: Props) {
  const { t: a } = useTranslation('taskActions');
  const [comment, setComment] = useState('');
  const fields = useForm(task.subject?.formId ?? '').data?.fields ?? [];
  const fill = useMutation({
    mutationFn: () =>
      api('tasks.fill', {
        params: { id: task.id as TaskId },
        body: { values, ...(comment.trim() ? { comment: comment.trim() } : {}) },
      }),
    onSuccess: onDone,
  });
  const refused = Object.entries(fieldMessagesOf(fill.error)).map(
    ([key, text]) => `${fields.find((field) => field.key === key)?.name ?? key}${colon()}${text}`,
  );
  return (
    <>
      <div className="approval-comment">
        {fill.error !== null && (
          <Alert
            type="error"
            showIcon
            title={messageOf(fill.error)}
            {...(refused.length > 0 ? { description: refused.join(semicolon()) } : {})}
            style={{ marginBottom: 8 }}
          />
        )}
        <Input.TextArea
          aria-label={a('note')}
          placeholder={a('note')}
          autoSize={{ minRows: 1, maxRows: 4 }}
          maxLength={1000}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </div>
      <Button type="primary" size="large" loading={fill.isPending} onClick={() => fill.mutate()}>
        {a('action.fill')}
      </Button>
    </>
  );
}

import type { MemberView } from '@lianke/shared/org/api';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Modal, Skeleton } from 'antd';
import { useEffect, useRef } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { formatDatetime } from '../../shared/format.js';
import { CopyLine } from '../copy-line.js';
import { useText } from '../i18n.js';

/** A member's one-time link; made when the dialog opens. */
export function InviteDialog({ member, onClose }: { member: MemberView | null; onClose: () => void }) {
  const text = useText();
  const invite = useMutation({
    mutationFn: (who: MemberView) => api('members.invite', { params: { memberId: who.id } }),
  });
  const asked = useRef<string | null>(null);
  const { mutate, reset } = invite;
  useEffect(() => {
    if (!member) {
      asked.current = null;
      reset();
      return;
    }
    // A second link would end the first: one for each opening, even when React runs effects twice.
    if (asked.current === member.id) return;
    asked.current = member.id;
    mutate(member);
  }, [member, mutate, reset]);
  return (
    <Modal
      open={member !== null}
      title={text('inviteTitle', { name: member?.name ?? '' })}
      onCancel={onClose}
      footer={[
        <Button key="again" loading={invite.isPending} onClick={() => member && mutate(member)}>
          {text('inviteAgain')}
        </Button>,
        <Button key="close" type="primary" onClick={onClose}>
          {text('close')}
        </Button>,
      ]}
      width={520}
    >
      {invite.isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      {invite.error && <Alert type="error" showIcon title={messageOf(invite.error)} />}
      {invite.data && (
        <>
          <CopyLine name={text('invite')} value={invite.data.url} />
          <p className="muted" style={{ marginTop: 8 }}>
            {text('inviteHint', { time: formatDatetime(invite.data.expiresAt) })}
          </p>
        </>
      )}
    </Modal>
  );
}

import { runDays } from '@lianke/shared/flows/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useMe } from '../../api/queries.js';
import '../i18n.js';

/** How long runs are kept, and the dialog in which an administrator changes it; nothing for others. */
export function KeepRuns() {
  const { t } = useTranslation('flows');
  const admin = useMe().data?.permissions.admin === true;
  const [open, setOpen] = useState(false);
  const kept = useQuery({ queryKey: ['run-retention'], queryFn: () => api('runs.retention', {}), enabled: admin });
  if (!kept.data) return null;
  return (
    <span className="muted">
      {t('runs.kept', { n: kept.data.days })}
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        {t('runs.keepChange')}
      </Button>
      {open && <KeepDialog days={kept.data.days} onClose={() => setOpen(false)} />}
    </span>
  );
}

function KeepDialog({ days: before, onClose }: { days: number; onClose: () => void }) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [days, setDays] = useState<number | null>(before);
  const save = useMutation({
    mutationFn: () => api('runs.setRetention', { body: { days: days ?? before } }),
    onSuccess: (answer) => {
      client.setQueryData(['run-retention'], answer);
      message.success(t('runs.kept', { n: answer.days }));
      onClose();
    },
    onError: (error) => message.error(messageOf(error)),
  });
  return (
    <Modal
      open
      title={t('runs.keepTitle')}
      okButtonProps={{ disabled: days === null, loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <InputNumber
        aria-label={t('runs.keepTitle')}
        min={runDays.least}
        max={runDays.most}
        precision={0}
        value={days}
        onChange={setDays}
        suffix={t('runs.days')}
        style={{ width: 160 }}
      />
      <p className="muted" style={{ marginTop: 8 }}>
        {t('runs.keepHint', { least: runDays.least, most: runDays.most })}
      </p>
    </Modal>
  );
}

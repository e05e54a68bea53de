import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { useMe } from '../api/queries.js';
import { useHandoverText } from './i18n.js';

/** Offers the handover of those who have left, by hand or by the sync of the organisation. */
export function LeaversBanner() {
  const text = useHandoverText();
  const navigate = useNavigate();
  const me = useMe();
  const leavers = useQuery({
    queryKey: ['handover-leavers'],
    queryFn: async () => (await api('handovers.leavers', {})).items,
    enabled: me.data?.permissions.admin === true,
    staleTime: 60_000,
  });
  const [first, ...others] = leavers.data ?? [];
  if (!first) return null;
  const facts = { name: first.label, records: first.records, tasks: first.tasks };
  return (
    <Alert
      type="warning"
      showIcon
      style={{ margin: '0 0 12px' }}
      title={others.length === 0 ? text('leaversOne', facts) : text('leaversMany', { ...facts, n: others.length + 1 })}
      action={
        <Button size="small" type="primary" onClick={() => navigate(`/admin/members/${first.id}/handover`)}>
          {text('goHandover')}
        </Button>
      }
    />
  );
}

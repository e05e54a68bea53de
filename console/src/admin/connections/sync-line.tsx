import { SyncOutlined } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Alert, Button } from 'antd';
import { formatRecent } from '../../shared/format.js';
import { type Text, useText } from '../i18n.js';

type Connection = AnswerOf<'connections.save'>;

/** How the last synchronisation of departments and people ended, and a button for another one. */
export function SyncLine({ connection, busy, onSync }: { connection: Connection; busy: boolean; onSync: () => void }) {
  const text = useText();
  const { sync } = connection;
  const heldBack = sync.state === 'done' ? (sync.report?.heldBack ?? 0) : 0;
  return (
    <>
      <div role="status">{sentenceOf(sync, text)}</div>
      {heldBack > 0 && <Alert type="warning" showIcon title={text('syncHeldBack', { count: heldBack })} />}
      <div>
        <Button
          icon={<SyncOutlined />}
          disabled={!connection.secretSet}
          loading={busy || sync.state === 'queued'}
          onClick={onSync}
        >
          {text('syncNow')}
        </Button>
      </div>
    </>
  );
}

function sentenceOf(sync: Connection['sync'], text: Text): string {
  const at = sync.at ? formatRecent(sync.at) : '';
  switch (sync.state) {
    case 'queued':
      return text('syncQueued');
    case 'never':
      return text('syncNever');
    case 'failed':
      return text('syncFailed', { at, problem: sync.problem ?? '' });
    case 'done':
      return text('syncDone', { at, departments: 0, members: 0, created: 0, left: 0, ...sync.report });
  }
}

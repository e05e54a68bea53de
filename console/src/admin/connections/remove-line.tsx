import { Button, Popconfirm } from 'antd';
import { useText } from '../i18n.js';
import type { Connection } from './use-connection.js';

/** Takes a connection away, after saying what that means. */
export function RemoveLine({
  connection,
  onRemove,
}: {
  connection: Connection | undefined;
  onRemove: () => Promise<void>;
}) {
  const text = useText();
  if (!connection) return null;
  return (
    <Popconfirm
      title={text('removeConnectionAsk', { name: connection.name })}
      description={text('removeConnectionMeans')}
      okButtonProps={{ danger: true }}
      onConfirm={onRemove}
    >
      <Button danger>{text('removeConnection')}</Button>
    </Popconfirm>
  );
}

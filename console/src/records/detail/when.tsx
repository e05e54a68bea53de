import { Tooltip } from 'antd';
import { formatDatetime, formatRecent } from '../../shared/format.js';

/** How long ago, with the full time on hover. */
export function When({ at }: { at: string }) {
  return (
    <Tooltip title={formatDatetime(at, 'second')}>
      <time dateTime={at} className="muted">
        {formatRecent(at)}
      </time>
    </Tooltip>
  );
}

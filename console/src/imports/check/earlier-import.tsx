import type { EarlierImport as Earlier } from '@lianke/shared/imports/api';
import { Alert } from 'antd';
import { Link } from 'react-router-dom';
import { formatNumber, formatRecent } from '../../shared/format.js';
import { useText } from '../i18n.js';

/** That this very file came in before: importing it as it is would make everything twice. */
export function EarlierImport({ appId, earlier }: { appId: string; earlier: Earlier }) {
  const text = useText();
  return (
    <Alert
      banner
      type="warning"
      title={text('earlier', { when: formatRecent(earlier.at), by: earlier.by, n: formatNumber(earlier.records) })}
      action={earlier.id && <Link to={`/apps/${appId}/import?id=${earlier.id}`}>{text('earlierOpen')}</Link>}
    />
  );
}

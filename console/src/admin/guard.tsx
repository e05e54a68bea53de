import type { Me } from '@lianke/shared/org/api';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useMe } from '../api/queries.js';
import { EmptyState } from '../shared/empty-state.js';
import { useText } from './i18n.js';

/** Shows a page of the administration to whoever has the permission, and everybody else what to do. */
export function Guard({ need, children }: { need: keyof Me['permissions']; children: ReactNode }) {
  const text = useText();
  const me = useMe();
  if (!me.data) return <Skeleton active style={{ padding: 24 }} />;
  const { permissions } = me.data;
  if (permissions.admin || permissions[need]) return <>{children}</>;
  return <EmptyState title={text(need === 'members' ? 'noManage' : 'noAdmin')} hint={text('askAdmin')} />;
}

import type { TaskEntry } from '@lianke/shared/tasks/api';
import { useTranslation } from 'react-i18next';
import './i18n.js';
import './words.js';

/** What somebody did, or is waited for to do, in a word; who was asked for advice decides nothing. */
export function useEntryWord(): (entry: Pick<TaskEntry, 'action' | 'ask' | 'role'>) => string {
  const { t } = useTranslation('tasks');
  const { t: a } = useTranslation('taskActions');
  return ({ action, ask, role }) => {
    if (action === 'waiting' && ask) return t(`approval.waits.${ask}`);
    if (role === 'adviser' && action === 'approved') return a('opinions.approve');
    if (role === 'adviser' && action === 'rejected') return a('opinions.reject');
    return t(`approval.action.${action}`);
  };
}

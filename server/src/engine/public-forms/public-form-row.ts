import type { FormId, Id } from '@lianke/shared/ids';
import type { PublicFormSettings, PublicFormView } from '@lianke/shared/public-forms/api';

export type PublicFormId = Id<'publicForm'>;

export interface PublicFormRow {
  id: PublicFormId;
  form_id: FormId;
  token: string;
  enabled: boolean;
  settings: PublicFormSettings;
  password_hash: string | null;
  submissions: number;
  last_at: string | null;
}

/** Whether the link takes submissions at an instant, and if not, why. */
export function stateOf(
  row: Pick<PublicFormRow, 'enabled' | 'settings' | 'submissions'>,
  now: Date,
): PublicFormView['state'] {
  const { opensAt, closesAt, maxTotal } = row.settings;
  if (!row.enabled) return 'off';
  if (opensAt !== null && new Date(opensAt) > now) return 'early';
  if (closesAt !== null && new Date(closesAt) <= now) return 'over';
  return maxTotal !== null && row.submissions >= maxTotal ? 'full' : 'open';
}

export const closedWords: Record<Exclude<PublicFormView['state'], 'open'>, string> = {
  off: '这个链接已停用',
  early: '还没有开始，请稍后再来',
  over: '已经截止',
  full: '名额已满',
};

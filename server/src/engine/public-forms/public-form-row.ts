import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId, Id } from '@lianke/shared/ids';
import type { PublicFormSettings, PublicFormView } from '@lianke/shared/public-forms/api';
import { dateIn, timeIn } from '@lianke/shared/time/zone';

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

/** Why a link takes nothing now and, where it has its times, from or since when; in the company's zone. */
export function closedWords(
  state: Exclude<PublicFormView['state'], 'open'>,
  { opensAt, closesAt }: Pick<PublicFormSettings, 'opensAt' | 'closesAt'>,
  zone: string,
): Words {
  const at = (instant: string | null) => {
    const date = new Date(instant ?? 0);
    return `${dateIn(zone, date)} ${timeIn(zone, date)}`;
  };
  switch (state) {
    case 'off':
      return { zh: '这个链接已停用，需要时请联系发给你的人', en: 'this link was switched off; ask whoever sent it' };
    case 'early':
      return { zh: `还没有开始，${at(opensAt)} 起可以填写`, en: `it can be filled in from ${at(opensAt)}` };
    case 'over':
      return { zh: `已于 ${at(closesAt)} 截止`, en: `it closed at ${at(closesAt)}` };
    case 'full':
      return { zh: '名额已满', en: 'all places are taken' };
  }
}

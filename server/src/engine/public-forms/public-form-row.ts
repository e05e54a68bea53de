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

/** 一次性链接 by which a visitor came. */
export interface InviteMark {
  id: string;
  revoked_at: string | null;
  record_id: string | null;
}

/** Why a one-time link takes nothing any more; undefined while it does. */
export function spentWords({ revoked_at, record_id }: Omit<InviteMark, 'id'>): Words | undefined {
  if (record_id !== null)
    return { zh: '这个链接只能提交一次，已经提交过了', en: 'it takes one submission and has had it' };
  return revoked_at === null
    ? undefined
    : { zh: '这个链接已被收回，需要时请联系发给你的人', en: 'it was taken back; ask whoever sent it' };
}

/** What the common address says where only one-time links are taken. */
export const invitedOnlyWords: Words = {
  zh: '请用发给你的专属链接填写',
  en: 'use the link that was sent to you',
};

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

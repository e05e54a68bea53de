import type { ApiKeyId, FormId, MemberId } from '@lianke/shared/ids';

export interface ApiKeyRow {
  id: ApiKeyId;
  name: string;
  hint: string;
  member_id: MemberId;
  writes: boolean;
  forms: string[] | null;
  per_minute: number;
  created_by: MemberId | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  last_used_from: string | null;
}

export const apiKeyColumns = `id, name, hint, member_id, writes, forms::text[] AS forms, per_minute, created_by, created_at,
  expires_at, revoked_at, last_used_at, last_used_from`;

/** What an administrator set of the key, as it is asked for. */
export function settingsOf(row: ApiKeyRow) {
  return {
    name: row.name,
    memberId: row.member_id,
    access: row.writes ? ('write' as const) : ('read' as const),
    forms: row.forms as FormId[] | null,
    perMinute: row.per_minute,
    expiresAt: row.expires_at,
  };
}

/** Why a key opens nothing; undefined while it does. */
export function endOf(
  key: { revoked_at: string | null; expires_at: string | null },
  memberActive: boolean,
  now: Date,
): 'revoked' | 'expired' | 'memberGone' | undefined {
  if (key.revoked_at !== null) return 'revoked';
  if (key.expires_at !== null && Date.parse(key.expires_at) <= now.getTime()) return 'expired';
  return memberActive ? undefined : 'memberGone';
}

import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { ConnectionId, MemberId, TenantId } from '@lianke/shared/ids';
import type { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import type { Channel } from '../connection.js';
import type { ChatPlatforms } from '../port/platforms.js';
import type { Licence } from '../port/suite.js';

type View = AnswerOf<'connections.licences'>['items'][number];

interface Place {
  tenantId: TenantId;
  connectionId: ConnectionId;
}

/** A licence whose end is near and about which nobody was told. */
export interface EndingLicence {
  userid: string;
  name: string | null;
  expiresAt: string;
}

/** Until when who may use an app of the directory: rows of `lianke.chat_licence`. */
export class LicenceBook {
  constructor(
    private readonly database: Database,
    private readonly platforms: ChatPlatforms,
  ) {}

  /** Puts what is known now in the place of all before. */
  async replace(place: Place, licences: readonly Licence[], at: Date): Promise<void> {
    await this.database.withTenant(place, async (tx) => {
      const keys = await this.write(tx, place, licences);
      await tx.run('DELETE FROM lianke.chat_licence WHERE connection_id = $1 AND NOT userid_key = ANY($2)', [
        place.connectionId,
        keys,
      ]);
      await tx.run('UPDATE lianke.suite_install SET licences_at = $2 WHERE connection_id = $1', [
        place.connectionId,
        at,
      ]);
    });
  }

  /** Adds what the platform tells by itself; a shorter term never takes the place of a longer one. */
  async merge(place: Place, licences: readonly Licence[]): Promise<void> {
    await this.database.withTenant(place, (tx) => this.write(tx, place, licences, 'longer'));
  }

  /** Marks what ends before `until` as told, and answers it: each end once. Whose end is past is not warned about any more. */
  async ending(tx: Tx, { connectionId }: Place, now: Date, until: Date): Promise<EndingLicence[]> {
    return tx.sql<EndingLicence>(
      `WITH told AS (
         UPDATE lianke.chat_licence SET warned_for = expires_at
         WHERE connection_id = $1 AND expires_at > $2 AND expires_at <= $3 AND warned_for IS DISTINCT FROM expires_at
         RETURNING userid, userid_key, expires_at)
       SELECT t.userid, m.name, t.expires_at AS "expiresAt" FROM told t
       LEFT JOIN lianke.chat_account a ON a.connection_id = $1 AND a.userid_key = t.userid_key
       LEFT JOIN lianke.member m ON m.id = a.member_id
       ORDER BY t.expires_at, t.userid`,
      [connectionId, now, until],
    );
  }

  /** Of one connection, the earliest end first. */
  async list({ tenantId, connectionId }: Place): Promise<View[]> {
    const rows = await this.database.withTenant({ tenantId }, (tx) =>
      tx.sql<{
        userid: string;
        seats: number | null;
        active_at: string | null;
        expires_at: string;
        member_id: MemberId | null;
        name: string;
      }>(
        `SELECT l.userid, l.seats, l.active_at, l.expires_at, m.id AS member_id, m.name FROM lianke.chat_licence l
         LEFT JOIN lianke.chat_account a ON a.connection_id = l.connection_id AND a.userid_key = l.userid_key
         LEFT JOIN lianke.member m ON m.id = a.member_id
         WHERE l.connection_id = $1 ORDER BY l.expires_at, l.userid`,
        [connectionId],
      ),
    );
    return rows.map((row) => ({
      userid: row.userid === '' ? null : row.userid,
      member: row.member_id ? { id: row.member_id, label: row.name } : null,
      seats: row.seats,
      activeAt: row.active_at,
      expiresAt: row.expires_at,
    }));
  }

  private async write(
    tx: Tx,
    { tenantId, connectionId }: Place,
    licences: readonly Licence[],
    which: 'all' | 'longer' = 'all',
  ): Promise<string[]> {
    const [connection] = await tx.sql<{ channel: Channel }>(
      'SELECT channel FROM lianke.chat_connection WHERE id = $1',
      [connectionId],
    );
    if (!connection) return [];
    const platform = this.platforms.of(connection);
    const one = new Map<string, Licence>();
    for (const licence of licences) {
      const key = licence.userid === null ? '' : platform.userKey(licence.userid);
      const other = one.get(key);
      // Somebody may have several kinds of licence; the one that lasts counts.
      if (!other || Date.parse(other.expiresAt) < Date.parse(licence.expiresAt)) one.set(key, licence);
    }
    const rows = [...one];
    await tx.run(
      `INSERT INTO lianke.chat_licence AS l (tenant_id, connection_id, userid_key, userid, seats, active_at, expires_at)
       SELECT $1, $2, x.* FROM unnest($3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[]) AS x
       ON CONFLICT (tenant_id, connection_id, userid_key) DO UPDATE
         SET userid = excluded.userid, seats = excluded.seats, active_at = excluded.active_at, expires_at = excluded.expires_at
         ${which === 'longer' ? 'WHERE excluded.expires_at >= l.expires_at' : ''}`,
      [
        tenantId,
        connectionId,
        rows.map(([key]) => key),
        rows.map(([, licence]) => licence.userid ?? ''),
        rows.map(([, licence]) => licence.seats),
        rows.map(([, licence]) => licence.activeAt),
        rows.map(([, licence]) => licence.expiresAt),
      ],
    );
    return rows.map(([key]) => key);
  }
}

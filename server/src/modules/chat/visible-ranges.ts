import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { ConnectionId, MemberId, TenantId } from '@lianke/shared/ids';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { Connection, RangeState } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import type { VisibleRange } from './port/platform.js';
import { PlatformError } from './port/platform-error.js';
import type { ChatPlatforms } from './port/platforms.js';

type View = AnswerOf<'connections.outside'>;

/** So many people are named; the rest are counted. */
const named = 200;

/** SQL for active members of the company ($1: the connection) who get no messages through it. */
const outsiders = `
  FROM lianke.member m
  LEFT JOIN LATERAL (
    SELECT bool_and(a.out_of_range) AS out FROM lianke.chat_account a WHERE a.connection_id = $1 AND a.member_id = m.id) own ON true
  WHERE m.state = 'active' AND coalesce(own.out, true)`;

/** Who is outside of an app's visible range (可见范围, 可使用范围): the platform does not deliver messages to them. */
export class VisibleRanges {
  constructor(
    private readonly parts: {
      database: Database;
      connections: ConnectionRepository;
      platforms: ChatPlatforms;
      clock: Clock;
    },
  ) {}

  /** Reads the range and marks the accounts outside of it. What cannot be read is noted and changes nobody. */
  async refresh(connection: Connection): Promise<void> {
    const { database, connections, platforms } = this.parts;
    const at = this.parts.clock.now().toISOString();
    let range: VisibleRange | null;
    try {
      range = await platforms.of(connection).readRange(connection);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      const problem = { at, everybody: false, adminsOnly: false, problem: error.words() };
      await database.withTenant(connection, (tx) => connections.note(tx, connection.id, { range: problem }));
      return;
    }
    if (range === null) return;
    const { everybody, adminsOnly } = range;
    const state: RangeState = { at, everybody, adminsOnly };
    await database.withTenant(connection, async (tx) => {
      await this.mark(tx, connection, range);
      await connections.note(tx, connection.id, { range: state });
    });
  }

  /** Those outside, whoever cannot be reached in any other way first. */
  async outside(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<View> {
    const connection = await this.parts.connections.ofTenant(ctx, id);
    if (!connection) throw new AppError('not_found');
    const { range } = connection.state;
    const [rows, total] = await this.parts.database.withTenant(ctx, async (tx) => [
      await tx.sql<{ id: MemberId; name: string; known: boolean; elsewhere: boolean }>(
        `SELECT m.id, m.name, own.out IS NOT NULL AS known,
           EXISTS (SELECT 1 FROM lianke.chat_account x
             JOIN lianke.chat_connection c ON c.id = x.connection_id AND c.secret_cipher IS NOT NULL
             WHERE x.member_id = m.id AND x.connection_id <> $1 AND NOT x.out_of_range) AS elsewhere
         ${outsiders} ORDER BY elsewhere, known DESC, m.name, m.id LIMIT ${named}`,
        [id],
      ),
      await this.count(tx, id),
    ]);
    return {
      total,
      items: rows.map(({ id: memberId, name, known, elsewhere }) => ({
        member: { id: memberId, label: name },
        why: known ? 'range' : 'account',
        elsewhere,
      })),
      checkedAt: range?.at ?? null,
      adminsOnly: range?.adminsOnly ?? false,
    };
  }

  /** How many are outside. */
  async count(tx: Tx, id: ConnectionId): Promise<number> {
    const [row] = await tx.sql<{ count: number }>(`SELECT count(*)::int AS count ${outsiders}`, [id]);
    return row?.count ?? 0;
  }

  private async mark(tx: Tx, connection: Connection, range: VisibleRange): Promise<void> {
    const platform = this.parts.platforms.of(connection);
    await tx.run(
      `UPDATE lianke.chat_account a SET out_of_range = x.out FROM (
         SELECT a.userid_key, NOT ($2 OR (NOT $3 AND (a.userid_key = ANY($4::text[]) OR EXISTS (
           SELECT 1 FROM lianke.chat_department cd
           JOIN lianke.department_closure cl ON cl.ancestor_id = cd.department_id
           JOIN lianke.department_member dm ON dm.department_id = cl.descendant_id AND dm.member_id = a.member_id
           WHERE cd.connection_id = $1 AND cd.number = ANY($5::bigint[]))))) AS out
         FROM lianke.chat_account a WHERE a.connection_id = $1) x
       WHERE a.connection_id = $1 AND a.userid_key = x.userid_key AND a.out_of_range <> x.out`,
      [
        connection.id,
        range.everybody,
        range.adminsOnly,
        range.userids.map((userid) => platform.userKey(userid)),
        [...range.departments],
      ],
    );
  }
}

import type { AnswerOf } from '@lianke/shared/api/contracts';
import { departmentStandIn, standInFor } from '@lianke/shared/chat/stand-in';
import type { MemberId, TenantId } from '@lianke/shared/ids';
import type { Database } from '../../kernel/database/database.js';
import type { Connection } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import { PlatformError } from './port/platform-error.js';
import type { Suites } from './port/suite.js';

type View = AnswerOf<'names.withheld'>;
type Found = AnswerOf<'names.search'>;

const none: View = { connection: null, searchable: false, items: [] };

/**
 * People and departments whose names the platform withholds from its directory's apps (A7): pages have the platform show them
 * itself, and ask it who is called so. Everywhere else (messages of ours, exports, histories) the stand-in is read.
 */
export class WithheldNames {
  constructor(private readonly parts: { database: Database; connections: ConnectionRepository; suites: Suites }) {}

  async list(ctx: { tenantId: TenantId }): Promise<View> {
    const connection = await this.connection(ctx);
    const platform = connection && this.parts.suites.ofConnection(connection)?.withheld;
    if (!connection || !platform) return none;
    const [people, departments] = await this.parts.database.withTenant(ctx, async (tx) => [
      await tx.sql<{ id: string; text: string }>(
        `SELECT a.userid AS id, m.name AS text FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id
         WHERE a.connection_id = $1 ORDER BY a.userid`,
        [connection.id],
      ),
      await tx.sql<{ id: number; text: string }>(
        `SELECT cd.number AS id, d.name AS text FROM lianke.chat_department cd JOIN lianke.department d ON d.id = cd.department_id
         WHERE cd.connection_id = $1 ORDER BY cd.number`,
        [connection.id],
      ),
    ]);
    const items: View['items'] = [
      ...people.filter(({ id, text }) => text === standInFor(id)).map((one) => ({ kind: 'member' as const, ...one })),
      ...departments
        .filter(({ id, text }) => text === departmentStandIn(Number(id)))
        .map(({ id, text }) => ({ kind: 'department' as const, id: String(id), text })),
    ];
    if (items.length === 0) return none;
    const { id, corpId, agentId } = connection;
    return {
      connection: { id, corpId, agentId, script: platform.script },
      searchable: platform.search !== null,
      items: withoutTwins(items),
    };
  }

  /** Members whom the platform knows by a name, its pinyin or his English one. What it refuses finds nobody. */
  async search(ctx: { tenantId: TenantId }, name: string): Promise<Found> {
    const connection = await this.connection(ctx);
    const search = connection && this.parts.suites.ofConnection(connection)?.withheld?.search;
    if (!connection || !search) return { searchable: false, ids: [] };
    let userids: readonly string[];
    try {
      userids = await search(connection, name);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.kind === 'config') await this.parts.connections.noteProblem(connection, error.words());
      return { searchable: false, ids: [] };
    }
    const rows = await this.parts.database.withTenant(ctx, (tx) =>
      tx.sql<{ id: MemberId }>(
        `SELECT DISTINCT member_id AS id FROM lianke.chat_account WHERE connection_id = $1 AND userid = ANY($2)`,
        [connection.id, [...userids]],
      ),
    );
    return { searchable: true, ids: rows.map((row) => row.id) };
  }

  /** A company adds an app of a directory once, so it has one such connection at most. */
  private async connection(ctx: { tenantId: TenantId }): Promise<Connection | null> {
    const rows = await this.parts.database.withTenant(ctx, (tx) =>
      tx.sql<Pick<Connection, 'id' | 'channel' | 'suiteId'>>(
        `SELECT id, channel, suite_id AS "suiteId" FROM lianke.chat_connection
         WHERE suite_id IS NOT NULL AND secret_cipher IS NOT NULL ORDER BY created_at, id`,
      ),
    );
    const row = rows.find((one) => this.parts.suites.ofConnection(one)?.withheld);
    return row ? this.parts.connections.ofTenant(ctx, row.id) : null;
  }
}

/** Two who are called the same are told apart by nobody: neither is shown another's name. */
function withoutTwins(items: View['items']): View['items'] {
  const counts = new Map<string, number>();
  for (const { text } of items) counts.set(text, (counts.get(text) ?? 0) + 1);
  return items.filter(({ text }) => counts.get(text) === 1);
}

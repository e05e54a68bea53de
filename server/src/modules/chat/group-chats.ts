import type { ChatGroupBody } from '@lianke/shared/chat/groups';
import type { FlowSecretView } from '@lianke/shared/flows/outside-api';
import { type ConnectionId, isUuid, type MemberId } from '@lianke/shared/ids';
import type { TenantContext } from '../../engine/context.js';
import type { SecretsService } from '../../engine/flows/outside/secrets.service.js';
import { GroupChats } from '../../engine/ports.js';
import type { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { Connection } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import { PlatformError } from './port/platform-error.js';
import type { ChatPlatforms } from './port/platforms.js';
import { say } from './texts.js';

/** Group chats of the company's own app. An address is `<connection>/<chat id>`. */
export class ChatGroups extends GroupChats {
  constructor(
    private readonly parts: { database: Database; connections: ConnectionRepository; platforms: ChatPlatforms },
  ) {
    super();
  }

  async post(
    ctx: TenantContext,
    address: string,
    { body, mention }: { body: object; mention: readonly MemberId[] },
  ): Promise<{ status: number; body: string }> {
    const [id = '', chatId = ''] = address.split('/');
    const connection = isUuid(id) ? await this.parts.connections.ofTenant(ctx, id as ConnectionId) : null;
    const groups = connection && this.parts.platforms.of(connection).groups;
    if (!connection || !groups)
      return { status: 200, body: JSON.stringify({ errcode: 86004, errmsg: say('groupGone') }) };
    const userids = await this.userids(connection, mention);
    const answer = await groups.post(connection, chatId, { body, mention: [...userids.values()] });
    return { status: 200, body: JSON.stringify(answer) };
  }

  /** Makes a group at the platform, then names it where robots are named. */
  async create(
    ctx: TenantContext,
    { connectionId, name, ownerId, memberIds }: ChatGroupBody,
    secrets: SecretsService,
  ): Promise<FlowSecretView> {
    const connection = await this.parts.connections.ofTenant(ctx, connectionId);
    if (!connection) throw new AppError('not_found');
    const platform = this.parts.platforms.of(connection);
    if (!platform.groups)
      throw new AppError('invalid_request', { detail: `${platform.name}的应用不能建群，请在群里添加机器人` });
    const members = [...new Set([ownerId, ...memberIds])];
    const userids = await this.userids(connection, members);
    const owner = userids.get(ownerId);
    if (!owner || userids.size < members.length)
      throw new AppError('invalid_request', { detail: `有人在${platform.name}里没有账号，不能进群` });
    if (userids.size < 2) throw new AppError('invalid_request', { detail: '群里至少要有两个人' });
    await secrets.requireFree(ctx, name);
    const chatId = uuid7().replaceAll('-', '');
    try {
      const welcome = say('groupWelcome');
      await platform.groups.create(connection, { chatId, name, owner, userids: [...userids.values()], welcome });
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      throw new AppError('channel_failed', { channel: platform.name, detail: error.reason() });
    }
    return secrets.addGroup(ctx, name, `${connection.id}/${chatId}`);
  }

  /** How active members are called at a connection's platform. */
  private async userids(connection: Connection, members: readonly MemberId[]): Promise<Map<MemberId, string>> {
    const rows = await this.parts.database.withTenant(connection, (tx) =>
      tx.sql<{ member_id: MemberId; userid: string }>(
        `SELECT a.member_id, a.userid FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id AND m.state = 'active'
         WHERE a.connection_id = $1 AND a.member_id = ANY($2::uuid[]) ORDER BY a.created_at DESC, a.userid`,
        [connection.id, [...members]],
      ),
    );
    return new Map(rows.map((row) => [row.member_id, row.userid]));
  }
}

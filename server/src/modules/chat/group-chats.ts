import type { ChangeChatGroupBody, ChatGroupBody, ChatGroupView } from '@lianke/shared/chat/groups';
import type { FlowSecretView } from '@lianke/shared/flows/outside-api';
import { type ConnectionId, isUuid, type MemberId, type SecretId } from '@lianke/shared/ids';
import { writeAudit } from '../../engine/audit/write-audit.js';
import type { TenantContext } from '../../engine/context.js';
import type { SecretsService } from '../../engine/flows/outside/secrets.service.js';
import { GroupChats } from '../../engine/ports.js';
import type { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { Connection } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import { channelFailed, PlatformError } from './port/platform-error.js';
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
    const place = await this.place(ctx, address);
    if (!place)
      return {
        status: 200,
        body: JSON.stringify({ errcode: 86004, errmsg: say('groupGone'), english: say('groupGone', {}, 'en') }),
      };
    const { connection, chatId, groups } = place;
    const userids = await this.userids(connection, mention);
    const answer = await groups.post(connection, chatId, { body, mention: [...userids.values()] });
    return { status: 200, body: JSON.stringify(answer) };
  }

  /** Makes a group at the platform, then names it where robots are named. */
  async create(
    ctx: TenantContext,
    { connectionId, name, ownerId, memberIds, language }: ChatGroupBody,
    secrets: SecretsService,
  ): Promise<FlowSecretView> {
    const connection = await this.parts.connections.ofTenant(ctx, connectionId);
    if (!connection) throw new AppError('not_found');
    const platform = this.parts.platforms.of(connection);
    if (!platform.groups)
      throw refusal('invalid_request', {
        zh: `${platform.name}的应用不能建群，请在群里添加机器人`,
        en: `Apps of this platform make no groups; add a robot to the group instead`,
      });
    const members = [...new Set([ownerId, ...memberIds])];
    const userids = await this.userids(connection, members);
    const owner = userids.get(ownerId);
    if (!owner || userids.size < members.length)
      throw refusal('invalid_request', {
        zh: `有人在${platform.name}里没有账号，不能进群`,
        en: `Somebody has no account on this platform and cannot join`,
      });
    if (userids.size < 2)
      throw refusal('invalid_request', { zh: '群里至少要有两个人', en: 'A group has at least two people' });
    await secrets.requireFree(ctx, name);
    const chatId = uuid7().replaceAll('-', '');
    const welcome = say('groupWelcome', {}, language);
    const group = { chatId, name, owner, userids: [...userids.values()], welcome };
    await asked(platform.name, platform.groups.create(connection, group));
    return secrets.addGroup(ctx, { name, language, address: `${connection.id}/${chatId}` });
  }

  /** A group as the platform has it now: people come and go there too. */
  async read(ctx: TenantContext, id: SecretId, secrets: SecretsService): Promise<ChatGroupView> {
    const { address } = await secrets.groupAddress(ctx, id);
    const { connection, chatId, groups, platform } = await this.require(ctx, address);
    const { name, owner, userids } = await asked(platform.name, groups.read(connection, chatId));
    const members = await this.members(connection);
    const people = userids.map((userid) => {
      const key = platform.userKey(userid);
      return { userid, member: members.get(key) ?? null, owner: key === platform.userKey(owner) };
    });
    return { id, name, platform: platform.name, people };
  }

  /** Changes name, owner and people at the platform. Who is in already comes in once, who is not there cannot go. */
  async change(
    ctx: TenantContext,
    id: SecretId,
    { name, ownerId, add, remove }: ChangeChatGroupBody,
    secrets: SecretsService,
  ): Promise<ChatGroupView> {
    const group = await secrets.groupAddress(ctx, id);
    const { connection, chatId, groups, platform } = await this.require(ctx, group.address);
    const before = await asked(platform.name, groups.read(connection, chatId));
    const wanted = [...new Set([...add, ...(ownerId ? [ownerId] : [])])];
    const userids = await this.userids(connection, wanted);
    if (userids.size < wanted.length)
      throw refusal('invalid_request', {
        zh: `有人在${platform.name}里没有账号，不能进群`,
        en: `Somebody has no account on this platform and cannot join`,
      });
    const keys = (list: readonly string[]) => new Set(list.map((userid) => platform.userKey(userid)));
    const [inside, going] = [keys(before.userids), keys(remove)];
    const coming = add
      .flatMap((member) => userids.get(member) ?? [])
      .filter((one) => !inside.has(platform.userKey(one)));
    const leaving = before.userids.filter((userid) => going.has(platform.userKey(userid)));
    const after = keys([...before.userids.filter((userid) => !leaving.includes(userid)), ...coming]);
    const owner = ownerId && userids.get(ownerId);
    if (after.size < 2)
      throw refusal('invalid_request', { zh: '群里至少要有两个人', en: 'A group has at least two people' });
    if (!after.has(platform.userKey(owner ?? before.owner)))
      throw refusal(
        'invalid_request',
        owner
          ? { zh: '群主要在群里', en: 'The owner of a group must be in it' }
          : {
              zh: '群主不能移出，请先换群主',
              en: 'The owner of a group cannot be taken out; name another owner first',
            },
      );
    await asked(
      platform.name,
      groups.change(connection, chatId, {
        ...(name && name !== before.name ? { name } : {}),
        ...(owner && platform.userKey(owner) !== platform.userKey(before.owner) ? { owner } : {}),
        add: coming,
        remove: leaving,
      }),
    );
    await this.parts.database.withTenant(ctx, (tx) =>
      writeAudit(tx, ctx, {
        action: 'group.change',
        object: id,
        detail: {
          name: group.name,
          ...(name && name !== before.name ? { renamed: name } : {}),
          ...(ownerId ? { owner: ownerId } : {}),
          added: coming.length,
          removed: leaving.length,
        },
      }),
    );
    return this.read(ctx, id, secrets);
  }

  private async place(ctx: { tenantId: TenantContext['tenantId'] }, address: string) {
    const [id = '', chatId = ''] = address.split('/');
    const connection = isUuid(id) ? await this.parts.connections.ofTenant(ctx, id as ConnectionId) : null;
    if (!connection) return null;
    const platform = this.parts.platforms.of(connection);
    return platform.groups && { connection, chatId, platform, groups: platform.groups };
  }

  private async require(ctx: TenantContext, address: string) {
    const place = await this.place(ctx, address);
    if (!place) throw refusal('invalid_request', { zh: say('groupGone'), en: say('groupGone', {}, 'en') });
    return place;
  }

  /** Whose each account of a connection is, by the platform's key. */
  private async members(connection: Connection): Promise<Map<string, { id: MemberId; label: string }>> {
    const rows = await this.parts.database.withTenant(connection, (tx) =>
      tx.sql<{ userid_key: string; id: MemberId; label: string }>(
        `SELECT a.userid_key, m.id, m.name AS label FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id
         WHERE a.connection_id = $1`,
        [connection.id],
      ),
    );
    return new Map(rows.map(({ userid_key, id, label }) => [userid_key, { id, label }]));
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

/** What a platform answers; its refusal in its own words. */
async function asked<T>(channel: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    throw channelFailed(channel, error.words());
  }
}

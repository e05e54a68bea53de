import type { Card } from '@lianke/shared/chat/cards';
import type { MemberId } from '@lianke/shared/ids';
import type { TenantContext } from '../../src/engine/context.js';
import { TenantDirectory } from '../../src/engine/org/tenant-directory.js';
import { CardActions, type Notification, Notifier, type ReceivedCardAction } from '../../src/engine/ports.js';
import type { AppError } from '../../src/kernel/errors/app-error.js';
import { uuid7 } from '../../src/kernel/ids/uuid7.js';
import type { RateLimiter } from '../../src/kernel/redis/rate-limiter.js';
import { RATE_LIMITER } from '../../src/kernel/tokens.js';
import { AccountLinks } from '../../src/modules/chat/account-links.js';
import { CallbackWorker } from '../../src/modules/chat/callbacks/callback-worker.js';
import type { Connection } from '../../src/modules/chat/connection.js';
import { ConnectionRepository } from '../../src/modules/chat/connection.repository.js';
import { ChatMemberChannels } from '../../src/modules/chat/member-channels.js';
import { MessageSender } from '../../src/modules/chat/message-sender.js';
import type { Organisation } from '../../src/modules/chat/port/platform.js';
import { ChatPlatforms } from '../../src/modules/chat/port/platforms.js';
import {
  type ChatTestApp,
  connectDingtalk,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from './chat-app.js';

export const approval: Card = {
  kind: 'approval',
  title: '合同审批',
  description: '王芳 提交',
  facts: [{ label: '金额', value: '800,000.00 元' }],
  path: '/pages/task/index?id=1',
  buttons: [
    { text: '同意', action: 'test.approve', style: 'primary' },
    { text: '拒绝', action: 'test.reject', style: 'danger' },
  ],
};

export interface Sent {
  id: string;
  member_id: MemberId;
  state: string;
  msgid: string | null;
  receipt: { card?: string; notice?: number; todo?: string } | null;
  connection_id: string;
  body: string;
  error: string | null;
  attempts: number;
  outcome_state: string | null;
  unproven: boolean;
}

export interface DingInbox {
  notices: {
    taskId: number;
    msg: { msgtype: string; oa?: { body: { title: string } } };
    statusBar: { value: string } | null;
  }[];
  cards: { outTrackId: string; values: Record<string, string>; presses: number }[];
  todos: { id: string; subject: string; sourceId: string; done: boolean; detailUrl: { appUrl?: string } }[];
}

/** 演示企业 on both platforms, with 管理员, 老板 and 陈主管 known on each and linked by an administrator. */
export class TwoPlatforms {
  readonly presses: ReceivedCardAction[] = [];
  /** What acting on a press throws. */
  refusal: AppError | Error | undefined;

  private constructor(
    readonly t: ChatTestApp,
    readonly tenant: TestTenant,
    readonly wecom: Connection,
    readonly dingtalk: Connection,
    readonly ctx: TenantContext,
    private readonly people: ReadonlyMap<string, MemberId>,
  ) {}

  static async start(push: 'stream' | 'http'): Promise<TwoPlatforms> {
    const t = await startChatApp({ wait: async () => undefined });
    const tenant = await makeTenant(t, 'demo', '演示企业');
    const wecom = await connectWecom(t, tenant.tenantId);
    const dingtalk = await connectDingtalk(t, tenant.tenantId, { push });
    const rows = await t.database.withTenant(tenant, (tx) =>
      tx.sql<{ userid: string; member_id: MemberId }>(
        'SELECT userid, member_id FROM lianke.chat_account WHERE connection_id = $1',
        [wecom.id],
      ),
    );
    const people = new Map(rows.map((row) => [row.userid, row.member_id]));
    for (const userid of ['admin', 'boss', 'chenzg']) {
      await t.app.get(AccountLinks).link(tenant, dingtalk.id, userid, people.get(userid) as MemberId);
    }
    const ctx = await t.app.get(TenantDirectory).context(tenant.tenantId, { kind: 'system', name: 'flow' });
    const both = new TwoPlatforms(t, tenant, wecom, dingtalk, ctx, people);
    t.app.get(CardActions).register({
      onCardAction: async (_ctx, action) => {
        if (!action.action.startsWith('test.')) return false;
        both.presses.push(action);
        if (both.refusal) throw both.refusal;
        return true;
      },
    });
    return both;
  }

  member(userid: string): MemberId {
    const id = this.people.get(userid);
    if (!id) throw new Error(`nobody is ${userid}`);
    return id;
  }

  /** From now on this person reads DingTalk. */
  async livesInDingtalk(userid: string): Promise<void> {
    await this.t.app.get(ChatMemberChannels).choose(this.tenant, this.member(userid), 'dingtalk');
  }

  /** A test card's press has come back once. */
  async provePresses(proved = true): Promise<void> {
    await this.t.database.withTenant(this.tenant, (tx) =>
      this.t.app
        .get(ConnectionRepository)
        .note(tx, this.dingtalk.id, { testPressedAt: proved ? new Date().toISOString() : null }),
    );
  }

  enqueue(more: Partial<Notification> = {}): Promise<void> {
    const about = { kind: 'task', id: uuid7() } as const;
    return this.t.database.withTenant(this.tenant, (tx) =>
      this.t.app.get(Notifier).enqueue(tx, this.ctx, { card: approval, key: uuid7(), about, to: [], ...more }),
    );
  }

  update(about: Notification['about'], outcome: string, by: MemberId | null = null): Promise<void> {
    return this.t.database.withTenant(this.tenant, (tx) =>
      this.t.app.get(Notifier).update(tx, this.ctx, { about, outcome, by }),
    );
  }

  /** What a platform shows of the company. */
  readOrganisation(connection: Connection): Promise<Organisation> {
    return this.t.app.get(ChatPlatforms).of(connection).readOrganisation(connection);
  }

  /** Everything that can be done now, in both directions. */
  async work(): Promise<void> {
    const { app, sandbox } = this.t;
    do {
      await sandbox.state.callbacks.idle();
      await sandbox.state.pushes.idle();
      while (await app.get(CallbackWorker).round());
    } while (await app.get(MessageSender).round());
  }

  async rows(): Promise<Sent[]> {
    return this.t.database.withTenant(this.tenant, (tx) => tx.sql<Sent>('SELECT * FROM lianke.message ORDER BY id'));
  }

  makeDue(): Promise<number> {
    return this.t.database.withTenant(this.tenant, (tx) =>
      tx.run(`UPDATE lianke.message SET ready_at = clock_timestamp() - interval '1 second'`),
    );
  }

  async forget(): Promise<void> {
    this.presses.length = 0;
    this.refusal = undefined;
    const { state } = this.t.sandbox;
    state.faults.remove();
    state.recorder.clear();
    for (const part of [state.ding.world.cards, state.ding.world.notices, state.ding.world.todos]) part.clear();
    await this.t.database.withTenant(this.tenant, (tx) => tx.run('DELETE FROM lianke.message'));
    await this.resetLimits(['admin', 'boss', 'chenzg']);
  }

  /** What may be sent in a minute is not what a test is about. */
  async resetLimits(userids: readonly string[]): Promise<void> {
    const limiter = this.t.app.get<RateLimiter>(RATE_LIMITER);
    await limiter.reset(`message:second:${this.dingtalk.id}`);
    for (const userid of userids)
      for (const { id } of [this.dingtalk, this.wecom]) await limiter.reset(`message:minute:${id}:${userid}`);
  }

  async platform<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.t.sandbox.url}/sandbox/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  inbox(userid: string): Promise<DingInbox> {
    return this.platform('GET', `dingtalk/apps/${this.dingtalk.appKey}/people/${userid}/inbox`);
  }

  /** Presses a button of a DingTalk card, as its template sends it. */
  press(
    userid: string,
    outTrackId: string,
    action: string,
  ): Promise<{ delivery: { state: string; attempts: { problem: string | null }[] }; values: Record<string, string> }> {
    return this.platform('POST', 'dingtalk/cards/press', {
      appKey: this.dingtalk.appKey,
      outTrackId,
      userid,
      actionId: 'a1',
      params: { action },
    });
  }

  close(): Promise<void> {
    return this.t.close();
  }
}

import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { tokenOf } from '../../kernel/http/session-guard.js';
import { SessionResolver } from '../../kernel/http/session-resolver.js';
import type { Bus } from '../../kernel/redis/bus.js';
import { BUS, CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { changesChannel, type FormChange } from './form-changes.js';
import { type TaskChange, tasksChannel } from './task-changes.js';
import { waitingMark } from './waiting-mark.js';

const perFormMs = 500;
const recheckMs = 10_000;
/** A change is not told under rights that were looked at longer ago than this. */
const freshMs = 1000;

/**
 * Tells clients which forms changed, `{formId, counter}` of readable forms, at most one a form every 500 ms; and whoever
 * is asked something, or is no longer asked, that his tasks changed.
 */
@Controller()
export class LiveController {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly sessions: SessionResolver<TenantContext>,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Route('events.stream')
  async stream(@Call() call: RouteCall<'events.stream'>): Promise<void> {
    const { reply, request } = call;
    const token = tokenOf(request).token ?? '';
    let ctx = call.ctx;
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    reply.raw.flushHeaders();
    const pending = new Map<string, FormChange>();
    let rung = false;
    let waits: string | undefined;
    let begun = false;
    let lookedAt = this.clock.now().getTime();
    /** Whether the session still stands; its rights are read anew. */
    const lookAgain = async (): Promise<boolean> => {
      lookedAt = this.clock.now().getTime();
      const session = await this.sessions.resolve(token).catch(() => undefined);
      if (session === null) reply.raw.end('event: ended\ndata: {}\n\n');
      else if (session) ctx = session.ctx;
      return Boolean(session);
    };
    const tellTasks = async () => {
      const before = waits;
      waits = await this.waits(ctx);
      if (waits !== before) reply.raw.write('event: tasks\ndata: {}\n\n');
    };
    const flush = async () => {
      const batch = [...pending.values()];
      const tasks = rung;
      pending.clear();
      rung = false;
      if (batch.length === 0 && !tasks) return;
      if (this.clock.now().getTime() - lookedAt > freshMs && !(await lookAgain())) return;
      if (tasks) await tellTasks();
      for (const change of batch) {
        if (await this.access.can(ctx, change.formId, 'view'))
          reply.raw.write(`data: ${JSON.stringify({ formId: change.formId, counter: change.counter })}\n\n`);
      }
    };
    // The first change goes out at once; what follows within the window is gathered.
    let timer: NodeJS.Timeout | undefined;
    const soon = () => {
      if ((pending.size === 0 && !rung) || timer || !begun) return;
      void flush().catch(() => undefined);
      timer = setTimeout(() => {
        timer = undefined;
        void flush().catch(() => undefined);
      }, perFormMs);
    };
    const subscriptions = [
      await this.bus.subscribe(changesChannel, (message) => {
        for (const change of JSON.parse(message) as FormChange[])
          if (change.tenantId === ctx.tenantId) pending.set(change.formId, change);
        soon();
      }),
      await this.bus.subscribe(tasksChannel, (message) => {
        const me = memberOf(ctx);
        const concerned = ({ tenantId, members }: TaskChange) =>
          tenantId === ctx.tenantId && me && members.includes(me);
        if ((JSON.parse(message) as TaskChange[]).some(concerned)) rung = true;
        soon();
      }),
    ];
    const recheck = setInterval(async () => {
      if (!(await lookAgain())) return;
      reply.raw.write(': here\n\n');
      if (begun) await tellTasks().catch(() => undefined);
    }, recheckMs);
    request.raw.on('close', () => {
      clearInterval(recheck);
      clearTimeout(timer);
      for (const unsubscribe of subscriptions) void unsubscribe();
    });
    waits = await this.waits(ctx).catch(() => undefined);
    // From what is said first on nothing is missed.
    reply.raw.write('retry: 2000\n\n');
    begun = true;
    soon();
  }

  @Route('events.changes')
  async changes(@Call() call: RouteCall<'events.changes'>): Promise<AnswerOf<'events.changes'>> {
    const since = instantOf(call.query.since);
    const { now, rows, tasks } = await this.database.withTenant(call.ctx, async (tx) => {
      const [tasks, time, rows] = await Promise.all([
        waitingMark(tx, call.ctx, this.clock.now()),
        tx.sql<{ now: string }>('SELECT clock_timestamp() AS now'),
        tx.sql<{ form_id: string; counter: number }>(
          'SELECT form_id, counter FROM lianke.form_counter WHERE $1::timestamptz IS NULL OR changed_at >= $1 ORDER BY form_id',
          [since],
        ),
      ]);
      return { now: time[0]?.now ?? new Date().toISOString(), rows, tasks };
    });
    const items: { formId: string; counter: number }[] = [];
    for (const row of rows)
      if (await this.access.can(call.ctx, row.form_id, 'view'))
        items.push({ formId: row.form_id, counter: row.counter });
    return { since: now, items, tasks };
  }

  private waits(ctx: TenantContext): Promise<string> {
    return this.database.withTenant(ctx, (tx) => waitingMark(tx, ctx, this.clock.now()));
  }
}

/** What a client says it knows, in the form the database reads: days that no calendar has (2024-02-30) roll on. */
function instantOf(text: string | undefined): string | null {
  const date = new Date(text ?? '');
  const year = date.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? date.toISOString() : null;
}

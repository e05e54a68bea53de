import { createHash } from 'node:crypto';
import { type ConnectionId, type TenantId, uuidOf } from '@lianke/shared/ids';
import { addDays, dateIn, startOfDate } from '@lianke/shared/time/zone';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Database } from '../../kernel/database/database.js';
import type { GraphileJobs } from '../../kernel/jobs/graphile-jobs.js';
import type { JobDefinition } from '../../kernel/jobs/job.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import type { Connection, SyncState } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import type { OrgSync } from './org/org-sync.js';
import { PlatformError, type PlatformFailure } from './port/platform-error.js';
import type { VisibleRanges } from './visible-ranges.js';

const payload = z.object({ tenantId: uuidOf<'tenant'>(), connectionId: uuidOf<'connection'>() });
type Payload = z.infer<typeof payload>;

/** Whom the nightly look is about; one row a connection of any tenant. */
interface Candidate {
  tenant_id: TenantId;
  connection_id: ConnectionId;
  time_zone: string;
  sync: SyncState | null;
}

const sweepEveryMs = 60_000;
const hour = 3_600_000;
/** The night's window in the tenant's own time: off the platforms' busy full hours (reference B13), before people come. */
const window = { startsAt: 2 * hour, length: 3 * hour };
/** A request nobody answered for so long was lost between its row and its job. */
const lostAfterMs = 10 * 60_000;
const maxAttempts = 4;
/** Failures that may be gone in a minute; all others wait for an administrator, or for the next night. */
const passing: ReadonlySet<PlatformFailure> = new Set(['retry', 'throttled', 'refresh']);

/** Synchronises organisations in the background: asked for by a person, and for every connection each night. */
export class OrgSyncJobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly job: JobDefinition<Payload>;
  private readonly loop: Loop;
  private opened: Promise<void> | undefined;

  constructor(
    private readonly parts: {
      database: Database;
      jobs: GraphileJobs;
      connections: ConnectionRepository;
      sync: OrgSync;
      ranges: VisibleRanges;
      clock: Clock;
      logger: Logger;
      /** Whether this process looks for what is due; it takes requests in any case. */
      enabled: boolean;
    },
  ) {
    this.job = {
      name: 'org-sync',
      schema: payload,
      maxAttempts,
      handle: async ({ tenantId, connectionId }) => {
        const connection = await parts.connections.ofTenant({ tenantId }, connectionId);
        if (connection?.secret) await this.run(connection);
      },
    };
    parts.jobs.register(this.job);
    this.loop = new Loop('org-sync', () => this.sweep(), sweepEveryMs, parts.logger);
  }

  onApplicationBootstrap(): void {
    if (this.parts.enabled) this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Puts a synchronisation in line; requests that wait are one. */
  async request(connection: Pick<Connection, 'tenantId' | 'id'>): Promise<void> {
    await this.note(connection, { requestedAt: this.now() });
    this.opened ??= this.parts.jobs.open();
    await this.opened;
    await this.parts.jobs.enqueue(
      this.job,
      { tenantId: connection.tenantId, connectionId: connection.id },
      { key: connection.id },
    );
  }

  /**
   * Synchronises now and keeps how it ended. Nobody changes when the platform could not be read to the end.
   * @throws PlatformError only for failures that may pass, so that a job is tried again
   */
  async run(connection: Connection): Promise<void> {
    try {
      await this.parts.sync.run(connection);
      await this.parts.ranges.refresh(connection);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      const problem = error.words();
      await this.note(connection, { finishedAt: this.now(), problem });
      if (error.kind === 'config') await this.parts.connections.noteProblem(connection, problem);
      if (passing.has(error.kind)) throw error;
    }
  }

  /** Puts in line what is due: last night's reconciliation, and requests whose job was lost. */
  async sweep(): Promise<boolean> {
    const now = this.parts.clock.now();
    const candidates = await this.parts.database.control<Candidate>('SELECT * FROM lianke.org_syncs()');
    for (const candidate of candidates) {
      const connection = { tenantId: candidate.tenant_id, id: candidate.connection_id };
      if (isDue(candidate, now)) await this.request(connection);
    }
    return false;
  }

  private now(): string {
    return this.parts.clock.now().toISOString();
  }

  private async note(connection: Pick<Connection, 'tenantId' | 'id'>, sync: SyncState): Promise<void> {
    await this.parts.database.withTenant(connection, (tx) => this.parts.connections.noteSync(tx, connection.id, sync));
  }
}

/** Whether the moment of the last night has passed without a synchronisation since, or a request was lost. */
export function isDue(candidate: Pick<Candidate, 'connection_id' | 'time_zone' | 'sync'>, now: Date): boolean {
  const { requestedAt, finishedAt } = candidate.sync ?? {};
  const last = Math.max(Date.parse(requestedAt ?? '') || 0, Date.parse(finishedAt ?? '') || 0);
  if (last < lastMoment(candidate, now).getTime()) return true;
  const answered = finishedAt !== undefined && (!requestedAt || finishedAt >= requestedAt);
  return !answered && now.getTime() - last > lostAfterMs;
}

/** The latest instant not after `now` at which this connection has its turn: one a day, spread over the night's window. */
function lastMoment({ connection_id, time_zone }: Pick<Candidate, 'connection_id' | 'time_zone'>, now: Date): Date {
  const share = createHash('sha256').update(connection_id).digest().readUInt32BE(0) / 2 ** 32;
  const offset = window.startsAt + Math.floor(share * window.length);
  const on = (date: string) => new Date(startOfDate(time_zone, date).getTime() + offset);
  const today = dateIn(time_zone, now);
  const moment = on(today);
  return moment <= now ? moment : on(addDays(today, -1));
}

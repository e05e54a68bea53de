import { createHash } from 'node:crypto';
import type { ConnectionId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { SecretBox } from '../../../kernel/secrets/secret-box.js';
import type { Channel } from '../connection.js';
import type { SuiteInstruction } from '../port/suite.js';
import type { SuiteId } from './suite-tokens.js';

/** What waits for the worker; tickets and events of one company go their own way. */
export type SuiteTask = Exclude<SuiteInstruction, { kind: 'ticket' | 'event' }>;

/** A claimed instruction. */
export interface SuiteRow {
  id: string;
  channel: Channel;
  suiteId: string;
  task: SuiteTask;
  attempts: number;
  epoch: number;
}

export interface SuiteOutcome {
  state: 'new' | 'done' | 'failed';
  connectionId: ConnectionId | null;
}

interface StoredRow {
  id: string;
  channel: Channel;
  suite_id: string;
  body_cipher: string;
  attempts: number;
  epoch: number;
}

const leaseSeconds = 120;
const claimed = 8;
/** Repeats come within the hour; what is older is only history. */
const keptDays = 30;

/** Instructions as rows: written before they are answered, each once, encrypted because of the codes in them. */
@Injectable()
export class SuiteInbox {
  private ring: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  /** Registers who is told that something came. */
  onReceived(ring: () => void): void {
    this.ring = ring;
  }

  /** Keeps an instruction; answers its row's id, also for one that is there already. Two are the same when their `key` is. */
  async put(suite: SuiteId, task: SuiteTask, key: string): Promise<string> {
    const id = uuid7();
    const digest = createHash('sha256').update(key).digest();
    await this.database.control(
      `INSERT INTO lianke.suite_inbox (id, channel, suite_id, digest, body_cipher) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (channel, suite_id, digest) DO NOTHING`,
      [id, suite.channel, suite.id, digest, this.secrets.encrypt(JSON.stringify(task), contextOf(id))],
    );
    const [row] = await this.database.control<{ id: string }>(
      'SELECT id FROM lianke.suite_inbox WHERE channel = $1 AND suite_id = $2 AND digest = $3',
      [suite.channel, suite.id, digest],
    );
    this.ring();
    return row?.id ?? id;
  }

  claim(): Promise<SuiteRow[]> {
    return this.claimWhere(`ready_at <= clock_timestamp()`, []);
  }

  /** One instruction, without waiting for its turn; none while somebody else works on it. */
  claimOne(id: string): Promise<SuiteRow[]> {
    return this.claimWhere('id = $1', [id]);
  }

  async outcome(id: string): Promise<SuiteOutcome | null> {
    const [row] = await this.database.control<{ state: SuiteOutcome['state']; connection_id: ConnectionId | null }>(
      'SELECT state, connection_id FROM lianke.suite_inbox WHERE id = $1',
      [id],
    );
    return row ? { state: row.state, connectionId: row.connection_id } : null;
  }

  /** Puts what a code was exchanged for in its place: the code cannot be exchanged again after a crash. */
  async replace(row: SuiteRow, task: SuiteTask): Promise<void> {
    await this.database.control('UPDATE lianke.suite_inbox SET body_cipher = $3 WHERE id = $1 AND epoch = $2', [
      row.id,
      row.epoch,
      this.secrets.encrypt(JSON.stringify(task), contextOf(row.id)),
    ]);
  }

  async close(
    row: SuiteRow,
    state: 'done' | 'failed',
    { connectionId = null, error = null }: { connectionId?: ConnectionId | null; error?: string | null } = {},
  ): Promise<void> {
    await this.database.control(
      `UPDATE lianke.suite_inbox SET state = $3, connection_id = $4, error = $5, lease_until = NULL
       WHERE id = $1 AND epoch = $2`,
      [row.id, row.epoch, state, connectionId, error],
    );
  }

  /** Gives an instruction back, to be worked on again after so many seconds. */
  async postpone(row: SuiteRow, seconds: number, error: string): Promise<void> {
    await this.database.control(
      `UPDATE lianke.suite_inbox SET attempts = attempts + 1, error = $3, lease_until = NULL,
         ready_at = clock_timestamp() + make_interval(secs => $4)
       WHERE id = $1 AND epoch = $2`,
      [row.id, row.epoch, error, seconds],
    );
  }

  /** Removes what nobody needs any more. */
  async prune(): Promise<void> {
    await this.database.control(
      `DELETE FROM lianke.suite_inbox WHERE state <> 'new' AND received_at < clock_timestamp() - make_interval(days => $1)`,
      [keptDays],
    );
  }

  private async claimWhere(condition: string, values: string[]): Promise<SuiteRow[]> {
    const rows = await this.database.control<StoredRow>(
      `UPDATE lianke.suite_inbox SET epoch = epoch + 1, lease_until = clock_timestamp() + interval '${leaseSeconds} seconds'
       WHERE id IN (
         SELECT id FROM lianke.suite_inbox
         WHERE state = 'new' AND (lease_until IS NULL OR lease_until < clock_timestamp()) AND ${condition}
         ORDER BY received_at, id LIMIT ${claimed} FOR UPDATE SKIP LOCKED)
       RETURNING id, channel, suite_id, body_cipher, attempts, epoch`,
      values,
    );
    return rows.map((row) => ({
      id: row.id,
      channel: row.channel,
      suiteId: row.suite_id,
      task: JSON.parse(this.secrets.decrypt(row.body_cipher, contextOf(row.id))) as SuiteTask,
      attempts: row.attempts,
      epoch: row.epoch,
    }));
  }
}

function contextOf(id: string): string {
  return `suite_inbox:${id}`;
}

import { createHash } from 'node:crypto';
import type { BatchId, EventId, FlowId, FormId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { TenantContext } from '../context.js';

/** A run to be made. One flow and one `eventId` make one run, ever. */
export interface RunStart {
  flowId: FlowId;
  version: number;
  eventId: EventId;
  formId: FormId | null;
  recordId: RecordId | null;
  batchId: BatchId | null;
  starterId: MemberId | null;
  door: string;
  depth: number;
  /** What it is given beside its record. */
  input?: Json;
}

/** The same words always make the same id: what falls due or is sent twice starts one run. */
export function eventIdOf(...words: string[]): EventId {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex');
  // RFC 9562 version 8: made by the application.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}` as EventId;
}

/** Inserts the runs that are not there yet and answers their ids by event. */
export async function insertRuns(
  tx: Tx,
  ctx: TenantContext,
  starts: readonly RunStart[],
  now: Date,
): Promise<Map<EventId, RunId>> {
  const made = new Map<EventId, RunId>();
  for (let from = 0; from < starts.length; from += 2000) {
    const part = starts.slice(from, from + 2000);
    const rows = await tx.sql<{ id: RunId; event_id: EventId }>(
      `INSERT INTO lianke.run (tenant_id, id, flow_id, version, event_id, form_id, record_id, batch_id, starter_id, door, depth, state, started_at, input)
       SELECT $1, r.id, r.flow_id, r.version, r.event_id, r.form_id, r.record_id, r.batch_id, r.starter_id, r.door, r.depth, 'ready', $2, r.input::jsonb
       FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::int[], $13::text[])
         AS r(id, flow_id, version, event_id, form_id, record_id, batch_id, starter_id, door, depth, input)
       ON CONFLICT (tenant_id, flow_id, event_id) DO NOTHING RETURNING id, event_id`,
      [
        ctx.tenantId,
        now,
        part.map(() => uuid7() as RunId),
        part.map((run) => run.flowId),
        part.map((run) => run.version),
        part.map((run) => run.eventId),
        part.map((run) => run.formId),
        part.map((run) => run.recordId),
        part.map((run) => run.batchId),
        part.map((run) => run.starterId),
        part.map((run) => run.door),
        part.map((run) => run.depth),
        part.map((run) => (run.input === undefined ? null : JSON.stringify(run.input))),
      ],
    );
    for (const row of rows) made.set(row.event_id, row.id);
  }
  return made;
}

/** A batch has come to rest when no event of it was seen for so long (ms). */
export const batchRestMs = 5_000;

/** One run a batch: made by its first event, put off and counted up by the others until the batch has come to rest. */
export async function gatherBatchRuns(
  tx: Tx,
  ctx: TenantContext,
  starts: readonly RunStart[],
  now: Date,
): Promise<void> {
  const byBatch = new Map<string, { start: RunStart; count: number }>();
  for (const start of starts) {
    const key = `${start.flowId}/${start.batchId ?? start.eventId}`;
    const known = byBatch.get(key);
    if (known) known.count++;
    else byBatch.set(key, { start, count: 1 });
  }
  for (const { start, count } of byBatch.values())
    await tx.run(
      `INSERT INTO lianke.run (tenant_id, id, flow_id, version, event_id, form_id, record_id, batch_id, starter_id, door, depth, state, started_at, due_at, input)
       VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'waiting',$12,$13,jsonb_build_object('count', $14::int))
       ON CONFLICT (tenant_id, flow_id, event_id) DO UPDATE SET due_at = excluded.due_at,
         input = jsonb_build_object('count', (lianke.run.input->>'count')::int + $14::int)
       WHERE lianke.run.state = 'waiting' AND lianke.run.node IS NULL`,
      [
        ctx.tenantId,
        uuid7() as RunId,
        start.flowId,
        start.version,
        start.batchId ?? start.eventId,
        start.formId,
        start.recordId,
        start.batchId,
        start.starterId,
        start.door,
        start.depth,
        now,
        new Date(now.getTime() + batchRestMs),
        count,
      ],
    );
}

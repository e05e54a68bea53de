import { definerFunction, directoryPolicy, systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Flows that start by the clock, by a call from outside, or when an approval ends; who is told when one stops. */
export const migration = {
  name: '0160-flow-triggers',
  sql: `
ALTER TABLE lianke.event DROP CONSTRAINT event_kind_check;
ALTER TABLE lianke.event ADD CONSTRAINT event_kind_check
  CHECK (kind IN ('created','updated','deleted','restored','approved','rejected','withdrawn'));
-- The flow whose approval ended; null for changes of records.
ALTER TABLE lianke.event ADD COLUMN cause_flow_id uuid;

-- Who is told when runs fail; the last to publish it.
ALTER TABLE lianke.flow ADD COLUMN owner_id uuid;
-- Why the flow switched itself off; null while it may run.
ALTER TABLE lianke.flow ADD COLUMN paused text;
-- When the owner was last told that runs fail, so that a hundred failures are one message.
ALTER TABLE lianke.flow ADD COLUMN told_at timestamptz;
UPDATE lianke.flow f SET owner_id = v.published_by FROM lianke.flow_version v
  WHERE v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version;

CREATE TABLE lianke.flow_schedule (
  tenant_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  -- Business times: when to look again, and up to when everything due has been started.
  next_due_at timestamptz NOT NULL,
  covered_to timestamptz NOT NULL,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, flow_id)
);
CREATE INDEX flow_schedule_due ON lianke.flow_schedule (next_due_at);
${tenantTable('flow_schedule')}
${systemPolicy('flow_schedule')}

CREATE TABLE lianke.flow_hook (
  tenant_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  token_hash text NOT NULL UNIQUE,
  -- The token itself, encrypted, to show the address again.
  token_sealed text NOT NULL,
  -- The newest request, to choose values from.
  last_body jsonb,
  last_at timestamptz,
  PRIMARY KEY (tenant_id, flow_id)
);
${tenantTable('flow_hook')}
${directoryPolicy('flow_hook')}
${definerFunction(
  'find_flow_hook(wanted text)',
  'TABLE (tenant_id uuid, flow_id uuid)',
  'SELECT h.tenant_id, h.flow_id FROM lianke.flow_hook h WHERE h.token_hash = wanted',
)}
`,
};

import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Dashboards that are sent as pictures at set times, the pictures, and what became of each sending. */
export const migration = {
  name: '0320-report-subscriptions',
  sql: `
CREATE TABLE lianke.report_subscription (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  dashboard_id uuid NOT NULL,
  schedule jsonb NOT NULL,
  members uuid[] NOT NULL,
  groups jsonb NOT NULL DEFAULT '[]',
  enabled boolean NOT NULL DEFAULT true,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  next_at timestamptz NOT NULL,
  last_at timestamptz,
  lease_until timestamptz,
  epoch int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX report_subscription_due ON lianke.report_subscription (next_at) WHERE enabled;
CREATE INDEX report_subscription_of ON lianke.report_subscription (tenant_id, dashboard_id);
${tenantTable('report_subscription')}
${directoryPolicy('report_subscription')}
${definerFunction(
  'due_reports(at timestamptz)',
  'TABLE (tenant_id uuid, id uuid)',
  `SELECT s.tenant_id, s.id FROM lianke.report_subscription s
   WHERE s.enabled AND s.next_at <= at AND (s.lease_until IS NULL OR s.lease_until < clock_timestamp())
   ORDER BY s.next_at LIMIT 100`,
)}

CREATE TABLE lianke.report_delivery (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('member','group')),
  /** A member's id, or a group robot's name. */
  target text NOT NULL,
  state text NOT NULL CHECK (state IN ('handed','sending','sent','skipped','failed','unknown')),
  reason text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX report_delivery_once ON lianke.report_delivery (tenant_id, subscription_id, due_at, kind, target);
${tenantTable('report_delivery')}

/** Its bytes are stored under its id. */
CREATE TABLE lianke.report_picture (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  bytes int NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX report_picture_old ON lianke.report_picture (expires_at);
${tenantTable('report_picture')}
${directoryPolicy('report_picture')}
${definerFunction(
  'old_pictures(at timestamptz)',
  'TABLE (tenant_id uuid, id uuid)',
  `SELECT p.tenant_id, p.id FROM lianke.report_picture p WHERE p.expires_at < at ORDER BY p.expires_at LIMIT 500`,
)}
`,
};

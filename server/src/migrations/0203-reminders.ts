import { tenantTable } from '../kernel/database/tenant-table.js';

/** Cards about a task that come again until it is done, and what people were told today. */
export const migration = {
  name: '0203-reminders',
  sql: `
CREATE TABLE lianke.reminder (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  member_id uuid NOT NULL,
  card jsonb NOT NULL,
  due_at timestamptz NOT NULL,
  -- How often it came, how often it comes at most, and after how long each time.
  sent int NOT NULL DEFAULT 0,
  times int NOT NULL,
  every_minutes int NOT NULL,
  -- Whether the member's manager is told at the end.
  manager boolean NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, record_id, member_id)
);
CREATE INDEX reminder_due ON lianke.reminder (tenant_id, due_at);
${tenantTable('reminder')}

CREATE TABLE lianke.said (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  -- In the company's zone.
  day date NOT NULL,
  text_hash text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, member_id, day, text_hash)
);
CREATE INDEX said_at ON lianke.said (tenant_id, at);
${tenantTable('said', 'SELECT, INSERT, DELETE')}
`,
};

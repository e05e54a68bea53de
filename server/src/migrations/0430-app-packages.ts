import { tenantTable } from '../kernel/database/tenant-table.js';

/** Apps as files: what an app came from or was exported as, and files that were read and wait to be installed. */
export const migration = {
  name: '0430-app-packages',
  sql: `
CREATE TABLE lianke.app_origin (
  tenant_id uuid NOT NULL,
  app_id uuid NOT NULL,
  /** Tells packages apart. */
  origin text NOT NULL,
  key text NOT NULL,
  version text NOT NULL,
  description text NOT NULL DEFAULT '',
  /** What a name of the package is here: {"flow:welcome": id}. */
  names jsonb NOT NULL,
  /** Parts as the package has them, and as they stood once it was installed, by name. */
  package jsonb NOT NULL,
  base jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, app_id)
);
CREATE INDEX app_origin_origin ON lianke.app_origin (tenant_id, origin);
${tenantTable('app_origin')}

CREATE TABLE lianke.app_package (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  file_name text NOT NULL,
  content jsonb NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  /** ready: may be installed. installing: somebody is at it. installed: what came of it is in result. */
  state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready','installing','installed')),
  started_at timestamptz,
  app_id uuid,
  result jsonb,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX app_package_created ON lianke.app_package (created_at);
${tenantTable('app_package')}
`,
};

import { definerFunction, directoryPolicy, tenantTable } from '../kernel/database/tenant-table.js';

/** Files that a platform asks for at the root of our address, to see that it is the company's. */
export const migration = {
  name: '0330-site-files',
  sql: `
CREATE TABLE lianke.site_file (
  tenant_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  content text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, connection_id, name)
);
CREATE INDEX site_file_name ON lianke.site_file (name);
${tenantTable('site_file')}
${directoryPolicy('site_file', 'ALL')}
/** All tenants share the root, so a name has one content, whoever came first. False: another connection's is different. */
${definerFunction(
  'site_file_put(of_tenant uuid, of_connection uuid, wanted_name text, wanted_content text)',
  'boolean',
  `BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('site_file:' || wanted_name, 0));
  IF EXISTS (SELECT 1 FROM lianke.site_file f
             WHERE f.name = wanted_name AND f.content <> wanted_content AND f.connection_id <> of_connection) THEN
    RETURN false;
  END IF;
  INSERT INTO lianke.site_file (tenant_id, connection_id, name, content)
  VALUES (of_tenant, of_connection, wanted_name, wanted_content)
  ON CONFLICT (tenant_id, connection_id, name) DO UPDATE SET content = excluded.content;
  RETURN true;
END`,
  'plpgsql',
)}
${definerFunction(
  'site_file_content(wanted_name text)',
  'text',
  'SELECT f.content FROM lianke.site_file f WHERE f.name = wanted_name LIMIT 1',
)}
`,
};

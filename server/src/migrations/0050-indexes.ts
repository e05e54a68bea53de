import { systemPolicy, tenantTable } from '../kernel/database/tenant-table.js';

const tables = `
/** Shapes of queries that are asked often, values left out. */
CREATE TABLE lianke.index_demand (
  tenant_id uuid NOT NULL,
  form_id uuid NOT NULL,
  shape_key text NOT NULL,
  shape jsonb NOT NULL,
  uses bigint NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, form_id, shape_key)
);
${tenantTable('index_demand')}

/** When a tenant's indexes are to be compared with what is asked for. */
CREATE TABLE lianke.index_check (
  tenant_id uuid PRIMARY KEY,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
${tenantTable('index_check')}
${systemPolicy('index_check')}
`;

/** Whatever asks for an index says so by being stored, so that no path can forget to. */
const triggers = `
CREATE FUNCTION lianke.indexes_due() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO lianke.index_check (tenant_id) VALUES (coalesce(NEW.tenant_id, OLD.tenant_id))
  ON CONFLICT (tenant_id) DO UPDATE SET due_at = clock_timestamp() WHERE lianke.index_check.due_at > clock_timestamp();
  RETURN NULL;
END $body$;
CREATE TRIGGER indexes_due AFTER INSERT OR UPDATE OF definition OR DELETE ON lianke.view
  FOR EACH ROW EXECUTE FUNCTION lianke.indexes_due();
CREATE TRIGGER indexes_due AFTER INSERT OR UPDATE OF definition OR DELETE ON lianke.dashboard
  FOR EACH ROW EXECUTE FUNCTION lianke.indexes_due();
CREATE TRIGGER indexes_due AFTER INSERT OR UPDATE OF definition, deleted_at ON lianke.form
  FOR EACH ROW EXECUTE FUNCTION lianke.indexes_due();
CREATE TRIGGER indexes_due AFTER INSERT OR UPDATE OF permissions OR DELETE ON lianke.role
  FOR EACH ROW EXECUTE FUNCTION lianke.indexes_due();
CREATE TRIGGER indexes_due AFTER INSERT OR UPDATE ON lianke.index_demand
  FOR EACH ROW EXECUTE FUNCTION lianke.indexes_due();
CREATE TRIGGER indexes_due AFTER UPDATE OF state ON lianke.import
  FOR EACH ROW WHEN (NEW.state IN ('done', 'undone') AND OLD.state <> NEW.state) EXECUTE FUNCTION lianke.indexes_due();
DO $body$
DECLARE known uuid;
BEGIN
  FOR known IN SELECT tenant_id FROM lianke.tenant LOOP
    PERFORM set_config('app.tenant', known::text, true);
    INSERT INTO lianke.index_check (tenant_id) VALUES (known);
  END LOOP;
END $body$;
`;

/** Which indexes tenants' tables are asked for. */
export const migration = { name: '0050-indexes', sql: `${tables}${triggers}` };

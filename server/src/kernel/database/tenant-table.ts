/** Registry of every shared table that holds tenants' rows; backup and move of one tenant walk it (design §7). */
export const tenantTables = new Set<string>();

const mine = `tenant_id = nullif(current_setting('app.tenant', true), '')::uuid`;

/** SQL that puts `lianke.<name>` behind the tenant wall: FORCE RLS, a policy on `app.tenant`, and grants for tenants' roles. */
export function tenantTable(name: string, grants = 'SELECT, INSERT, UPDATE, DELETE'): string {
  tenantTables.add(name);
  return `
ALTER TABLE lianke.${name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lianke.${name} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON lianke.${name} TO lianke_tenant USING (${mine}) WITH CHECK (${mine});
GRANT ${grants} ON lianke.${name} TO lianke_tenant;
`;
}

/** SQL that opens `lianke.<name>` to the claim loops, across tenants. Only for tables that are claimed. */
export function systemPolicy(name: string): string {
  return `
CREATE POLICY system_claims ON lianke.${name} TO lianke_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON lianke.${name} TO lianke_system;
`;
}

/** SQL that lets the directory's functions (owned by lianke_owner) read `lianke.<name>` across tenants. */
export function directoryPolicy(name: string, command: 'SELECT' | 'ALL' = 'SELECT'): string {
  return `CREATE POLICY directory ON lianke.${name} FOR ${command} TO lianke_owner USING (true)${command === 'ALL' ? ' WITH CHECK (true)' : ''};\n`;
}

/** SQL of a migration that mends rows of all tenants, and for once gets past the walls of the tables it names. */
export function acrossTenants(tables: readonly string[], sql: string): string {
  const open = tables.map(
    (name) => `CREATE POLICY mending ON lianke.${name} TO lianke_owner USING (true) WITH CHECK (true);`,
  );
  const close = tables.map((name) => `DROP POLICY mending ON lianke.${name};`);
  return [...open, sql, ...close].join('\n');
}

/** SQL of a SECURITY DEFINER function that the serving roles may call. `signature` is `name(arg type, …)`, `returns` the RETURNS clause. */
export function definerFunction(
  signature: string,
  returns: string,
  body: string,
  language: 'sql' | 'plpgsql' = 'sql',
): string {
  return `
CREATE OR REPLACE FUNCTION lianke.${signature} RETURNS ${returns}
LANGUAGE ${language} SECURITY DEFINER SET search_path = lianke, pg_temp AS $body$
${body}
$body$;
REVOKE ALL ON FUNCTION lianke.${signature.replace(/\s+DEFAULT\s+[^,)]+/gi, '')} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianke.${signature.replace(/\s+DEFAULT\s+[^,)]+/gi, '')} TO lianke_app, lianke_system;
`;
}

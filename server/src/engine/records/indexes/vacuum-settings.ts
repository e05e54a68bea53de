/**
 * When PostgreSQL is to vacuum a table whose pages are counted in indexes. Until it has, counting reads the table for
 * every row written since: after 10,000 new rows a total costs two and a half times as much, and by its defaults a
 * table of a million rows would wait for 200,000. Vacuuming what was only added reads little more than those rows;
 * what was changed takes all indexes, so it waits for more.
 */
const settings = {
  autovacuum_vacuum_insert_threshold: 1000,
  autovacuum_vacuum_insert_scale_factor: 0.002,
  autovacuum_vacuum_scale_factor: 0.05,
};

/**
 * The statement that gives a table these settings, undefined when it has them all. What a database administrator set
 * stands. @param options the table's storage parameters now, as `name=value`
 */
export function vacuumSettingsSql(table: string, options: readonly string[]): string | undefined {
  const missing = Object.entries(settings).filter(([name]) => !options.some((option) => option.startsWith(`${name}=`)));
  if (missing.length === 0) return undefined;
  return `ALTER TABLE ${table} SET (${missing.map(([name, value]) => `${name} = ${value}`).join(', ')})`;
}

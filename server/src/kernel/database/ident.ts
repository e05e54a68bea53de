/** Quotes an identifier; the one place that does. Names are generated, so anything but [A-Za-z0-9_] is a bug. */
export function ident(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) throw new Error(`not an identifier: ${name}`);
  return `"${name}"`;
}

/** A uuid as it may stand in statement text. */
export function uuidLiteral(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new Error(`not a uuid: ${id}`);
  return `'${id}'`;
}

/** Role and schema of a tenant: `t_` + its id without dashes. */
export function tenantName(tenantId: string): string {
  return `t_${uuidLiteral(tenantId).slice(1, -1).replaceAll('-', '')}`;
}

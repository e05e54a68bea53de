/** What a definition (view, flow, dashboard) names; found by reading its JSON, whatever its shape. */
export function mentions(definition: unknown, names: ReadonlySet<string>): boolean {
  if (typeof definition === 'string') {
    if (names.has(definition)) return true;
    // Paths through relations and references in texts: `customer.grade`, `trigger.f_0123456789`.
    return definition.split(/[^A-Za-z0-9_]+/).some((part) => names.has(part));
  }
  if (Array.isArray(definition)) return definition.some((item) => mentions(item, names));
  if (typeof definition !== 'object' || definition === null) return false;
  return Object.entries(definition).some(([key, value]) => names.has(key) || mentions(value, names));
}

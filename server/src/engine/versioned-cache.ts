import type { TenantId } from '@lianke/shared/ids';

/**
 * Values of a tenant at one version of its counters. An older version is never served: a newer counter replaces the
 * entry, and concurrent readers of one version share one load. Bounded by the number of tenants held.
 */
export class VersionedCache<Value> {
  private readonly entries = new Map<string, { version: string; value: Promise<Value> }>();

  constructor(private readonly capacity = 500) {}

  get(tenantId: TenantId, version: string, load: () => Promise<Value>, part = ''): Promise<Value> {
    const key = part === '' ? tenantId : `${tenantId}:${part}`;
    const entry = this.entries.get(key);
    if (entry?.version === version) return entry.value;
    const value = load();
    this.entries.delete(key);
    this.entries.set(key, { version, value });
    value.catch(() => {
      if (this.entries.get(key)?.value === value) this.entries.delete(key);
    });
    const oldest = this.entries.keys().next().value;
    if (this.entries.size > this.capacity && oldest !== undefined) this.entries.delete(oldest);
    return value;
  }
}

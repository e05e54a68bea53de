import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Bus } from '../../kernel/redis/bus.js';
import { BUS } from '../../kernel/tokens.js';

export const tasksChannel = 'lianke:task-changes';

/** Members who were asked something, or are no longer asked. */
export interface TaskChange {
  tenantId: TenantId;
  members: MemberId[];
}

const gatherMs = 20;

/**
 * Rings the open pages of the members whose approvals changed, at most once per 20 ms. Only a ring: what waits for
 * somebody is read from the tasks themselves, and looked at without it too.
 */
@Injectable()
export class TaskChanges {
  private readonly dirty = new Map<TenantId, Set<MemberId>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(BUS) private readonly bus: Bus) {}

  /** Called after a commit. */
  mark(tenantId: TenantId, members: readonly MemberId[]): void {
    if (members.length === 0) return;
    const known = this.dirty.get(tenantId) ?? new Set();
    for (const member of members) known.add(member);
    this.dirty.set(tenantId, known);
    this.timer ??= setTimeout(() => this.ring(), gatherMs);
  }

  private ring(): void {
    this.timer = undefined;
    const changes: TaskChange[] = [...this.dirty].map(([tenantId, members]) => ({ tenantId, members: [...members] }));
    this.dirty.clear();
    void this.bus.publish(tasksChannel, JSON.stringify(changes));
  }
}

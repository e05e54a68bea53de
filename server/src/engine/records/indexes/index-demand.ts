import type { FormId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { groupBy } from '../../../kernel/group-by.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import { LOGGER } from '../../../kernel/tokens.js';
import type { TenantContext } from '../../context.js';
import type { FormMeta } from '../../forms/form-meta.js';
import { type IndexShape, shapeKey } from './index-shape.js';

interface Noted {
  tenantId: TenantId;
  formId: FormId;
  key: string;
  shape: IndexShape;
  uses: number;
}

/** A shape asked this often between two looks is worth telling; a single odd query is not. */
const worthTelling = 10;
const lookEveryMs = 1000;
const tellAgainMs = 60_000;
const capacity = 5000;

/** Counts the shapes of queries in this process and tells those asked often to whoever keeps the indexes. */
@Injectable()
export class IndexDemand implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly noted = new Map<string, Noted>();
  /** When a shape was told last, so that a busy one is written once a minute. */
  private readonly told = new Map<string, number>();
  private readonly loop: Loop;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.loop = new Loop('index demand', () => this.tell(), lookEveryMs, logger);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** One query of this shape was answered. */
  note(ctx: TenantContext, form: FormMeta, shape: IndexShape): void {
    const narrow = shape.equal.length + shape.ranges.length + shape.lists.length + shape.covered.length > 0;
    if (!narrow && shape.sort.length === 0) return;
    const key = shapeKey(shape);
    const place = `${form.id}|${key}`;
    const known = this.noted.get(place);
    if (known) known.uses++;
    else if (this.noted.size < capacity)
      this.noted.set(place, { tenantId: ctx.tenantId, formId: form.id, key, shape, uses: 1 });
  }

  /** Writes down what was asked often. Answers false: there is never more to do at once. */
  async tell(): Promise<boolean> {
    const now = Date.now();
    const often: Noted[] = [];
    for (const [place, noted] of this.noted) {
      if (noted.uses < worthTelling || now - (this.told.get(place) ?? 0) < tellAgainMs) continue;
      often.push(noted);
      this.noted.delete(place);
      this.told.delete(place);
      this.told.set(place, now);
    }
    if (this.noted.size >= capacity) this.noted.clear();
    for (const place of this.told.keys()) {
      if (this.told.size <= capacity) break;
      this.told.delete(place);
    }
    for (const [tenantId, items] of groupBy(often, (item) => item.tenantId))
      await this.database.withTenant({ tenantId }, (tx) =>
        tx.run(
          `INSERT INTO lianke.index_demand (tenant_id, form_id, shape_key, shape, uses)
           SELECT $1, n.form, n.key, n.shape, n.uses FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::bigint[]) AS n(form, key, shape, uses)
           ORDER BY n.form, n.key
           ON CONFLICT (tenant_id, form_id, shape_key) DO UPDATE SET uses = lianke.index_demand.uses + excluded.uses, seen_at = clock_timestamp()`,
          [
            tenantId,
            items.map((item) => item.formId),
            items.map((item) => item.key),
            items.map((item) => JSON.stringify(item.shape)),
            items.map((item) => item.uses),
          ],
        ),
      );
    return false;
  }
}

import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';

const capacity = 2000;
/** A process that died between a commit and its counter leaves a stale entry; it lives no longer than this. */
const maxAgeMs = 10_000;

/**
 * Results of widgets, shared by readers who see the same rows: keyed by query, access, form counter and minute.
 * Concurrent readers of one key share one query. Widgets that reach into other forms are not cached.
 */
@Injectable()
export class WidgetCache {
  private readonly entries = new Map<string, { at: number; data: Promise<WidgetData> }>();

  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(ctx: TenantContext, form: FormMeta, widget: Widget, load: () => Promise<WidgetData>): Promise<WidgetData> {
    const text = JSON.stringify(widget);
    if (/"[a-zA-Z0-9_]+\.[a-zA-Z0-9_.]+"/.test(text)) return load();
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ counter: number }>('SELECT counter FROM lianke.form_counter WHERE form_id = $1', [form.id]),
    );
    const access = await this.access.ofForm(ctx, form);
    // Conditions of the widget, or of the reader's own rows, that mean himself.
    const meant = /"(me|myDepartment)":true/.test(text + access.fingerprint);
    const personal = meant || hasReferences(form) ? memberOf(ctx) : '';
    const now = this.clock.now().getTime();
    const key = [
      ctx.tenantId,
      row?.counter ?? 0,
      ctx.schemaVersion,
      ctx.accessVersion,
      access.fingerprint,
      personal,
      Math.floor(now / 60_000),
      text,
    ].join('|');
    const known = this.entries.get(key);
    if (known && now - known.at < maxAgeMs) return known.data;
    const data = load();
    this.entries.delete(key);
    this.entries.set(key, { at: now, data });
    data.catch(() => this.entries.delete(key));
    if (this.entries.size > capacity) this.entries.delete(this.entries.keys().next().value ?? '');
    return data;
  }
}

/** Labels of related records are read under the reader's own rights on their form, so they are his alone. */
function hasReferences(form: FormMeta): boolean {
  return form.fields.some((field) => field.type.refers === 'record');
}

import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import type { ViewDef } from '@lianke/shared/forms/views';
import type { FormId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import type { Tx } from '../../../kernel/database/tx.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { IndexWish } from './choose-indexes.js';
import { aggregateShape, type IndexShape, indexShape, listShape } from './index-shape.js';

const weights = { view: 1000, list: 800, chart: 500, scope: 300 } as const;
const forgetAfter = '30 days';

/** What views, dashboards, record scopes and the queries of the last 30 days ask of each form. */
export async function indexWishes(tx: Tx, forms: readonly FormMeta[]): Promise<Map<FormId, IndexWish[]>> {
  await tx.run(`DELETE FROM lianke.index_demand WHERE seen_at < clock_timestamp() - interval '${forgetAfter}'`);
  const [views, dashboards, roles, demand] = await Promise.all([
    tx.sql<{ form_id: FormId; definition: ViewDef }>(
      'SELECT form_id, definition FROM lianke.view WHERE deleted_at IS NULL',
    ),
    tx.sql<{ definition: DashboardDefinition }>('SELECT definition FROM lianke.dashboard'),
    tx.sql<{ permissions: unknown }>('SELECT permissions FROM lianke.role'),
    tx.sql<{ form_id: FormId; shape: unknown; uses: number }>('SELECT form_id, shape, uses FROM lianke.index_demand'),
  ]);
  const byId = new Map(forms.map((form) => [form.id, form]));
  const wishes = new Map<FormId, IndexWish[]>(forms.map((form) => [form.id, []]));
  const wish = (id: FormId, weight: number, shapeOf: (form: FormMeta) => IndexShape | undefined) => {
    const form = byId.get(id);
    const shape = form && shapeOf(form);
    if (shape) wishes.get(id)?.push({ shape, weight });
  };
  for (const view of views) wish(view.form_id, weights.view, (form) => listShape(form, view.definition));
  for (const { definition } of dashboards) {
    for (const widget of definition.widgets) {
      if (widget.type === 'list') wish(widget.formId, weights.list, (form) => listShape(form, widget));
      else
        wish(widget.formId, weights.chart, (form) =>
          aggregateShape(form, {
            filter: widget.filter,
            groupBy: 'dimension' in widget ? [widget.dimension] : [],
            metrics: [{ ...widget.measure, as: 'value' }],
          }),
        );
    }
  }
  for (const { permissions } of roles) {
    const granted = rolePermissions.parse(permissions).forms;
    for (const form of forms) {
      const filter = (granted[form.id] ?? granted['*'])?.filter;
      if (filter) wish(form.id, weights.scope, () => listShape(form, { filter }));
    }
  }
  for (const row of demand) {
    const shape = indexShape.safeParse(row.shape);
    if (shape.success) wish(row.form_id, Math.min(900, 100 * Math.log2(row.uses + 1)), () => shape.data);
  }
  return wishes;
}

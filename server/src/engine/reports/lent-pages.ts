import type { DashboardDefinition, Widget } from '@lianke/shared/dashboards/definition';
import { fieldsOf } from '@lianke/shared/filter/ast';
import type { DashboardId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FieldMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import { sameJson } from '../same-json.js';

/**
 * A page that groups get with somebody's rights: who administers its app alone may not have it show them more than he sees
 * himself of what is his to design. What stood there already stays, lent as it was.
 */
export async function requireOwnOfLent(
  tx: Tx,
  ctx: TenantContext,
  { access, forms }: { access: AccessService; forms: TenantForms },
  id: DashboardId,
  [before, after]: readonly [DashboardDefinition, DashboardDefinition],
): Promise<void> {
  if ((await access.permissions(ctx)).design) return;
  const lent = await tx.sql(
    `SELECT 1 FROM lianke.report_subscription s, jsonb_array_elements(s.groups) g
     WHERE s.dashboard_id = $1 AND g->>'as' IS DISTINCT FROM $2 LIMIT 1`,
    [id, memberOf(ctx)],
  );
  if (lent.length === 0) return;
  const { designs } = await access.designer(ctx);
  const accessOf = await access.ofForms(ctx);
  for (const widget of after.widgets) {
    if (before.widgets.some((other) => sameJson(other, widget))) continue;
    for (const path of ['', ...pathsOf(widget)]) {
      let form = forms.get(widget.formId);
      for (const part of path.split('.')) {
        if (!form) break;
        const field: FieldMeta | undefined = form.field(part);
        if (!designs(form.appId) || (field && !accessOf(form.id).sees(field)))
          throw refusal('forbidden', {
            zh: `让组件“${widget.title}”按别人的权限发到群里`,
            en: `have the widget "${widget.title}" sent to a group with somebody else’s rights`,
          });
        // A record at the end of a path is shown by its title, as its own form shows it.
        form = field?.type.refers === 'record' ? forms.get(String(field.def.config.formId)) : undefined;
      }
    }
  }
}

function pathsOf(widget: Widget): string[] {
  return [
    ...(widget.filter ? fieldsOf(widget.filter) : []),
    ...('dimension' in widget ? [widget.dimension.field] : []),
    ...('measure' in widget && widget.measure.field ? [widget.measure.field] : []),
    ...('columns' in widget ? widget.columns : []),
    ...('sort' in widget ? widget.sort.map(({ field }) => field) : []),
  ];
}

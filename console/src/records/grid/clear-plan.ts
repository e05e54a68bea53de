import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import type { RecordId } from '@lianke/shared/ids';
import type { FormView } from '../../api/queries.js';
import { fieldRenderers } from '../../fields/registry.js';
import { isEmptyValue } from '../../fields/renderer.js';
import type { Column } from '../columns.js';
import { mayWriteNow } from '../rules.js';
import type { Values } from '../values.js';
import { type GridItem, recordOf } from './items.js';
import type { Block } from './use-cells.js';

interface ClearPlan {
  update: { id: RecordId; values: Values }[];
  /** Cells that become empty, and cells with something in them that stay. */
  cells: number;
  skipped: number;
}

/** Which cells of a block become empty. */
export function clearPlan(
  form: FormView,
  rows: readonly GridItem[],
  columns: readonly Column[],
  { top, bottom, left, right }: Block,
  env: FilterEnv,
): ClearPlan {
  const plan: ClearPlan = { update: [], cells: 0, skipped: 0 };
  for (const item of rows.slice(top, bottom + 1)) {
    const record = recordOf(item);
    if (!record) continue;
    const values: Values = {};
    for (const { field } of columns.slice(left, right + 1)) {
      if (isEmptyValue(record.values[field.key])) continue;
      const free =
        field.writable &&
        !field.rules.required &&
        fieldRenderers[field.type].inCell &&
        !record.masked?.includes(field.key) &&
        mayWriteNow(form, record, field, env);
      if (free) values[field.key] = null;
      else plan.skipped++;
    }
    const cleared = Object.keys(values).length;
    if (cleared === 0) continue;
    plan.cells += cleared;
    plan.update.push({ id: record.id as RecordId, values });
  }
  return plan;
}

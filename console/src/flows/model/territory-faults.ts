import type { FlowNode } from '@lianke/shared/flows/definition';
import { coveredAreas, territoryFields } from '@lianke/shared/flows/territories';
import type { FormView } from '../../api/queries.js';
import { fieldOf } from './sources.js';
import type { Speaker } from './words.js';

/** What is wrong with a table of territories, as far as it can be told without the server. */
export function checkTerritories(
  { t }: Speaker,
  node: Extract<FlowNode, { type: 'assign' }>,
  form: FormView | undefined,
  report: (message: string) => void,
): void {
  const field = form && fieldOf(form, node.by ?? '');
  const rows = node.territories ?? [];
  if (!field || !territoryFields.includes(field.type)) report(t('more.territoryBy'));
  else if (rows.length === 0) report(t('more.territoryNone'));
  else {
    for (const [index, row] of rows.entries())
      if (row.areas.length === 0 || row.members.length + row.departments.length === 0)
        report(t('more.territoryEmptyRow', { n: index + 1 }));
    for (const { row, by } of coveredAreas(field.type, rows))
      report(t('more.territoryCovered', { n: row + 1, by: by + 1 }));
  }
}

import type { FormAction } from '../forms/definition.js';

/** What a reader may do with one record and not with another. */
export const rowActions = ['edit', 'delete', 'share', 'print'] as const satisfies readonly FormAction[];
export type RowAction = (typeof rowActions)[number];

/** What of the form's actions is allowed with this record; all of them when it does not say. */
export function actionsWith(
  actions: readonly FormAction[],
  record: { actions?: readonly RowAction[] | undefined },
): FormAction[] {
  return actions.filter(
    (action) =>
      !(rowActions as readonly FormAction[]).includes(action) || (record.actions ?? actions).includes(action as never),
  );
}

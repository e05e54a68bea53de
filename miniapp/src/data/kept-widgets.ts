import type { AnswerOf } from '@lianke/shared/api/contracts';
import { type Catalog, formById } from './forms.js';
import { keptRecord } from './kept-record.js';

type Data = AnswerOf<'dashboards.data'>;

/**
 * What of a dashboard may lie on the phone for reading offline: lists without what is stored encrypted, and none of a
 * form that is not known here.
 */
export function keptWidgets(
  widgets: readonly { id: string; formId: string }[] | undefined,
  catalog: Catalog | undefined,
): (data: Data) => Data {
  return (data) => ({
    ...data,
    widgets: data.widgets
      .filter((item) => item.kind !== 'rows' || formOf(item.id))
      .map((item) => (item.kind === 'rows' ? { ...item, items: item.items.map(keptRecord(formOf(item.id))) } : item)),
  });

  function formOf(id: string) {
    const formId = widgets?.find((widget) => widget.id === id)?.formId;
    return formId === undefined ? undefined : formById(catalog, formId);
  }
}

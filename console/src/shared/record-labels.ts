import type { FormId, RecordId } from '@lianke/shared/ids';
import { useQueries } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';

/** Labels of a few records by id; one that may not be read stays absent. */
export function useRecordLabels(formId: string, ids: readonly string[]): Record<string, string> {
  const results = useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.data(formId, 'label', id),
      queryFn: async () => {
        const params = { formId: formId as FormId, id: id as RecordId };
        return (await api('records.get', { params })).label;
      },
      enabled: formId !== '',
    })),
  });
  const labels: Record<string, string> = {};
  ids.forEach((id, index) => {
    const label = results[index]?.data;
    if (label !== undefined) labels[id] = label;
  });
  return labels;
}

import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { keys } from '../../api/queries.js';

/** What each component would show as it is set up now, under the designer's own rights. */
export function usePreviews(widgets: readonly Widget[]): Map<string, { data: WidgetData | undefined; error: unknown }> {
  const results = useQueries({
    queries: widgets.map((widget) => {
      // Neither place nor title changes what is counted.
      const { place: _, title: __, ...counted } = widget;
      return {
        queryKey: keys.data(widget.formId, 'preview', JSON.stringify(counted)),
        queryFn: () => api('dashboards.preview', { body: { widget } }),
        placeholderData: keepPreviousData,
      };
    }),
  });
  return new Map(
    widgets.map((widget, index) => [widget.id, { data: results[index]?.data, error: results[index]?.error }]),
  );
}

import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import type { FormView } from '../../api/queries.js';
import { columns, gap, inReadingOrder, rowHeight } from '../model/grid.js';
import { WidgetView } from './widget-view.js';

interface Props {
  appId: string;
  widgets: readonly Widget[];
  forms: readonly FormView[];
  data: readonly WidgetData[] | undefined;
  error: unknown;
  /** The components stand below one another, as on the phone. */
  narrow: boolean;
  still?: boolean;
  /** Mends a broken component; absent for who may not. */
  onChange?: ((widget: Widget) => void) | undefined;
}

/** The components of a page in their places. */
export function PageWidgets({ appId, widgets, forms, data, error, narrow, still = false, onChange }: Props) {
  return (
    <div
      style={{
        display: 'grid',
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridAutoRows: rowHeight,
        gap: narrow ? `${gap}px 0` : gap,
      }}
    >
      {(narrow ? inReadingOrder(widgets) : widgets).map((widget) => {
        const { x, y, w, h } = widget.place;
        return (
          <div
            key={widget.id}
            style={{
              gridColumn: narrow ? '1 / -1' : `${x + 1} / span ${w}`,
              gridRow: narrow ? `span ${h}` : `${y + 1} / span ${h}`,
              minWidth: 0,
              minHeight: 0,
            }}
          >
            <WidgetView
              appId={appId}
              widget={widget}
              form={forms.find((form) => form.id === widget.formId)}
              data={data?.find((item) => item.id === widget.id)}
              error={error}
              still={still}
              onChange={onChange && (() => onChange(widget))}
            />
          </div>
        );
      })}
    </div>
  );
}

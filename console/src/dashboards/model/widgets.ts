import type { DashboardDefinition, Widget, WidgetType } from '@lianke/shared/dashboards/definition';
import { shownAs } from '@lianke/shared/fields/derived';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { FormView, ReadField } from '../../api/queries.js';
import type { FieldLike } from '../../fields/renderer.js';
import { columns, compacted, freePlace, type Place } from './grid.js';

/** The components, in palette order. */
export const widgetTypes = ['pie', 'bar', 'line', 'funnel', 'metric', 'list'] as const satisfies readonly WidgetType[];

export type ChartWidget = Extract<Widget, { dimension: unknown }>;
export type MetricWidget = Extract<Widget, { type: 'metric' }>;
export type ListWidget = Extract<Widget, { type: 'list' }>;

export const isChart = (widget: Widget): widget is ChartWidget => 'dimension' in widget;

/** Columns and rows of the grid that a new component takes. */
export const firstSize: Record<WidgetType, { w: number; h: number }> = {
  pie: { w: 10, h: 8 },
  bar: { w: 12, h: 8 },
  line: { w: 12, h: 8 },
  funnel: { w: 10, h: 8 },
  metric: { w: 6, h: 4 },
  list: { w: 16, h: 9 },
};

const temporal: readonly FieldTypeName[] = ['date', 'datetime', 'lastContact'];
export const isTemporal = (field: Pick<FieldLike, 'type' | 'config'> | undefined): boolean =>
  field !== undefined && temporal.includes(shownAs(field).type);

/** Fields that a chart can be split by. */
export const groupable = (field: Pick<FieldLike, 'type' | 'config'>): boolean => behaviourOf(field).groupable;

/** A field that makes a telling first chart of this kind. */
export function usualDimension(type: WidgetType, form: FormView): ReadField | undefined {
  const fields = form.fields.filter(groupable);
  if (type === 'line') return fields.find((field) => field.id === 'createdAt') ?? fields.find(isTemporal);
  const stage = fields.find((field) => field.type === 'select' && field.config.stages === true);
  if (type === 'funnel' && stage) return stage;
  if (type === 'bar') return fields.find((field) => field.id === 'owner') ?? fields[0];
  return fields.find((field) => field.type === 'select') ?? fields.find((field) => !isTemporal(field)) ?? fields[0];
}

/** The default unit of a date dimension. */
export const unitFor = (field: Pick<FieldLike, 'type' | 'config'> | undefined): 'month' | undefined =>
  isTemporal(field) ? 'month' : undefined;

/** The dimension over a field, with a unit where it is a date. */
export function dimensionOf(
  ref: string,
  field: Pick<FieldLike, 'type' | 'config'> | undefined,
): ChartWidget['dimension'] {
  const unit = unitFor(field);
  return unit ? { field: ref, unit } : { field: ref };
}

/** Columns that a new list shows: the title and the first few telling fields. */
export function usualColumns(form: FormView): string[] {
  const title = form.settings.titleField ?? form.fields.find((field) => field.type === 'text')?.id;
  const own = form.fields.filter(
    (field) =>
      !field.system && fieldTypes[field.type].refers !== 'file' && !['longText', 'richText'].includes(field.type),
  );
  const picked = own.filter((field) => field.id === title || field.key === title);
  for (const field of own) if (picked.length < 4 && !picked.includes(field)) picked.push(field);
  const owner = form.fields.find((field) => field.id === 'owner');
  return [...picked, ...(owner ? [owner] : [])].map((field) => field.id);
}

export function freshWidgetId(def: DashboardDefinition): string {
  for (let index = def.widgets.length + 1; ; index++) {
    if (!def.widgets.some((widget) => widget.id === `w${index}`)) return `w${index}`;
  }
}

/** A component of this kind over a form, set up so that it shows something at once. */
export function newWidget(type: WidgetType, form: FormView, id: string, place: Place): Widget {
  const base = { id, title: '', formId: form.id, place };
  switch (type) {
    case 'metric':
      return { ...base, type, measure: { fn: 'count' } };
    case 'list':
      return { ...base, type, columns: usualColumns(form), sort: [], limit: 20 };
    default: {
      const field = usualDimension(type, form);
      return {
        ...base,
        type,
        dimension: dimensionOf(field?.id ?? 'createdAt', field),
        measure: { fn: 'count' },
        limit: 20,
      };
    }
  }
}

/** The same component of another kind, keeping what both have. */
export function asType(widget: Widget, type: WidgetType, form: FormView): Widget {
  if (widget.type === type) return widget;
  const made = newWidget(type, form, widget.id, widget.place);
  const kept = { title: widget.title, formId: widget.formId, ...(widget.filter ? { filter: widget.filter } : {}) };
  if (isChart(made)) {
    return {
      ...made,
      ...kept,
      ...(isChart(widget) ? { dimension: widget.dimension, limit: widget.limit } : {}),
      ...(widget.type !== 'list' ? { measure: widget.measure } : {}),
    };
  }
  if (made.type === 'metric' && widget.type !== 'list') return { ...made, ...kept, measure: widget.measure };
  return { ...made, ...kept };
}

/** The same component over another form; what named the old form's fields begins anew. */
export function onForm(widget: Widget, form: FormView): Widget {
  if (widget.formId === form.id) return widget;
  return { ...newWidget(widget.type, form, widget.id, widget.place), title: widget.title };
}

/** Adds a component of a kind; without a place, at the first free one. */
export function addWidget(def: DashboardDefinition, type: WidgetType, form: FormView, place?: Place) {
  const id = freshWidgetId(def);
  const size = firstSize[type];
  const widget = newWidget(type, form, id, place ?? freePlace(def.widgets, size.w, size.h));
  return { id, def: compacted({ ...def, widgets: [...def.widgets, widget] }) };
}

export function removeWidget(def: DashboardDefinition, id: string): DashboardDefinition {
  return compacted({ ...def, widgets: def.widgets.filter((widget) => widget.id !== id) });
}

export function replaceWidget(def: DashboardDefinition, next: Widget): DashboardDefinition {
  return { ...def, widgets: def.widgets.map((widget) => (widget.id === next.id ? next : widget)) };
}

export function copyWidget(def: DashboardDefinition, id: string) {
  const widget = def.widgets.find((item) => item.id === id);
  if (!widget) return { id, def };
  const twin = {
    ...widget,
    id: freshWidgetId(def),
    place: freePlace(def.widgets, widget.place.w, widget.place.h),
  };
  return { id: twin.id, def: compacted({ ...def, widgets: [...def.widgets, twin] }) };
}

/** Moves or resizes by one cell sideways or one neighbour up or down, as the arrow keys do. */
export function nudge(def: DashboardDefinition, id: string, by: Partial<Place>): DashboardDefinition {
  const widget = def.widgets.find((item) => item.id === id);
  if (!widget) return def;
  const { x, y, w, h } = widget.place;
  const width = Math.min(columns, Math.max(2, w + (by.w ?? 0)));
  const height = Math.min(40, Math.max(2, h + (by.h ?? 0)));
  const place = { w: width, h: height, x: Math.min(columns - width, Math.max(0, x + (by.x ?? 0))), y };
  if (by.y) return changePlaces(def, widget, by.y > 0);
  if (place.x === x && width === w && height === h) return def;
  return compacted(replaceWidget(def, { ...widget, place }));
}

/** Everything is packed upwards, so that one cell up or down would mean nothing: the neighbour changes places. */
function changePlaces(def: DashboardDefinition, widget: Widget, down: boolean): DashboardDefinition {
  const mine = widget.place;
  const inColumn = def.widgets.filter(
    ({ id, place }) =>
      id !== widget.id &&
      place.x < mine.x + mine.w &&
      mine.x < place.x + place.w &&
      (down ? place.y >= mine.y + mine.h : place.y + place.h <= mine.y),
  );
  const neighbour = inColumn.sort((a, b) => (down ? a.place.y - b.place.y : b.place.y - a.place.y))[0];
  if (!neighbour) return def;
  const [upper, lower] = down ? [widget, neighbour] : [neighbour, widget];
  const top = upper.place.y;
  const moved = replaceWidget(def, { ...lower, place: { ...lower.place, y: top } });
  return compacted(replaceWidget(moved, { ...upper, place: { ...upper.place, y: top + lower.place.h } }));
}

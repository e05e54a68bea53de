import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import type { Words } from '@lianke/shared/errors/issue-text';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import type { AggregateItem } from '@lianke/shared/records/query';
import { addDays } from '@lianke/shared/time/zone';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';

/** What widget queries need; the record reader under a reader's context. */
export interface WidgetReader {
  aggregate(
    formId: Widget['formId'],
    query: Parameters<import('../records/record-reader.js').RecordReader['aggregate']>[2],
  ): Promise<AggregateItem[]>;
  query(
    formId: Widget['formId'],
    query: Parameters<import('../records/record-reader.js').RecordReader['query']>[2],
  ): ReturnType<import('../records/record-reader.js').RecordReader['query']>;
}

/** The first field a widget uses that is gone; removed fields keep their name for the message. */
export function brokenBecause(widget: Widget, form: FormMeta | undefined): Words | undefined {
  if (!form) return { zh: '数据源表单已删除', en: 'The form it shows was deleted' };
  const refs = [
    ...(widget.filter ? fieldsOf(widget.filter) : []),
    ...('dimension' in widget ? [widget.dimension.field] : []),
    ...('measure' in widget && widget.measure.field ? [widget.measure.field] : []),
    ...('columns' in widget ? widget.columns : []),
  ];
  for (const ref of refs) {
    const first = ref.split('.')[0] ?? '';
    if (form.field(first)) continue;
    const removed = form.definition.removed.find((field) => field.id === first || field.key === first);
    const name = removed?.name ?? ref;
    return { zh: `字段“${name}”已删除`, en: `The field "${name}" was deleted` };
  }
  return undefined;
}

/** Runs one widget's query; drills are filters that find exactly the rows behind a group or number. */
export async function widgetData(widget: Widget, form: FormMeta, reader: WidgetReader): Promise<WidgetData> {
  switch (widget.type) {
    case 'metric': {
      const [item] = await reader.aggregate(widget.formId, {
        filter: widget.filter,
        groupBy: [],
        metrics: [{ ...widget.measure, as: 'value' }],
        sort: [],
        limit: 1,
      });
      return {
        id: widget.id,
        kind: 'value',
        value: item?.metrics.value ?? null,
        ...(widget.filter ? { drill: widget.filter } : {}),
      };
    }
    case 'list': {
      const page = await reader.query(widget.formId, {
        filter: widget.filter,
        sort: widget.sort,
        fields: widget.columns,
        limit: widget.limit,
        total: true,
      });
      return {
        id: widget.id,
        kind: 'rows',
        items: page.items,
        total: page.total ?? page.items.length,
        ...(widget.filter ? { drill: widget.filter } : {}),
      };
    }
    default: {
      const dimension = form.field(widget.dimension.field);
      const unit =
        widget.dimension.unit ??
        (dimension?.storage === 'date' || dimension?.storage === 'timestamptz' ? 'month' : undefined);
      const stages = widget.type === 'funnel' || widget.type === 'line';
      const items = await reader.aggregate(widget.formId, {
        filter: widget.filter,
        groupBy: [{ field: widget.dimension.field, ...(unit ? { unit } : {}) }],
        metrics: [{ ...widget.measure, as: 'value' }],
        sort: stages ? [{ field: 'group0', dir: 'asc' }] : [{ field: 'value', dir: 'desc' }],
        limit: widget.limit,
      });
      const ordered = widget.type === 'funnel' && dimension ? inOptionOrder(items, dimension) : items;
      return {
        id: widget.id,
        kind: 'groups',
        items: ordered,
        drill: ordered.map((item) => drillOf(widget.filter, widget.dimension.field, unit, item)),
      };
    }
  }
}

function inOptionOrder(items: AggregateItem[], dimension: FieldMeta): AggregateItem[] {
  const options = (dimension.config as { options?: { id: string }[] }).options;
  if (!options) return items;
  const place = new Map(options.map((option, index) => [option.id, index]));
  return [...items].sort((a, b) => (place.get(String(a.groups[0])) ?? 1e6) - (place.get(String(b.groups[0])) ?? 1e6));
}

function drillOf(base: Filter | undefined, field: string, unit: string | undefined, item: AggregateItem): Filter {
  const group = item.groups[0];
  const key = typeof group === 'object' && group !== null ? group.id : group;
  const own =
    key === null || key === undefined
      ? { field, op: 'empty' as const }
      : unit
        ? { field, op: 'between' as const, value: [String(key), lastDay(String(key), unit)] }
        : conditionOf(field, key, item);
  return base ? { and: [base, own] } : own;
}

function conditionOf(field: string, key: string | number | boolean, item: AggregateItem): Filter {
  return Array.isArray(item.groups[0])
    ? { field, op: 'hasAny', value: [String(key)] }
    : { field, op: 'eq', value: key };
}

/** Last date of the period that begins at `first`. */
export function lastDay(first: string, unit: string): string {
  const [year = 1970, month = 1] = first.split('-').map(Number);
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  if (months === undefined) return unit === 'week' ? addDays(first, 6) : first;
  return addDays(new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10), -1);
}

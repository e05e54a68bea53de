import type { DashboardView, WidgetData } from '@lianke/shared/dashboards/definition';
import type { Filter } from '@lianke/shared/filter/ast';
import { View } from '@tarojs/components';
import { useMemo } from 'react';
import { RecordRowView } from '../../../components/record-row.js';
import { useFormat } from '../../../data/context.js';
import type { FormView } from '../../../data/record-types.js';
import { totalText } from '../../../data/use-pages.js';
import { figureParts } from '../../../fields/decimal.js';
import { open } from '../../../platform/navigate.js';
import { Bars } from '../../charts/bars.js';
import { LineChart } from '../../charts/line.js';
import { type Mark, marksOf, numberText, slicesOf, sortedMarks } from '../../charts/marks.js';
import { PieChart } from '../../charts/pie.js';
import { MetricTarget } from './metric-target.js';

type Widget = DashboardView['definition']['widgets'][number];
interface Props {
  widget: Widget;
  data: WidgetData | undefined;
  form: FormView | undefined;
  /** Opens it on a screen of its own. */
  onFull(): void;
}

function look(formId: string, filter: Filter | undefined, title: string): void {
  open('/pages/list/index', { formId, filter: filter ? JSON.stringify(filter) : undefined, title });
}

/** One widget of a dashboard; every mark opens the records behind it. */
export function WidgetCard({ widget, data, form, onFull }: Props) {
  const { t } = useFormat();
  const grows = data !== undefined && widget.type !== 'metric' && data.kind !== 'broken';
  return (
    <View className={`card widget widget--${widget.type}`}>
      <View className="widget__title">
        <View className="widget__name">{widget.title}</View>
        {grows ? (
          <View className="widget__full link" hoverClass="is-pressed" onClick={onFull}>
            {t('dashboard.full')}
          </View>
        ) : null}
      </View>
      {data ? <WidgetContent widget={widget} data={data} form={form} /> : <View className="bone widget__bone" />}
      {data?.kind === 'broken' ? <View className="widget__broken">{data.message || t('dashboard.noData')}</View> : null}
    </View>
  );
}

interface ContentProps {
  widget: Widget;
  data: WidgetData;
  form: FormView | undefined;
  /** It has the screen to itself: larger, with every number in words. */
  full?: boolean;
}

/** What a widget shows, by its kind. */
export function WidgetContent({ widget, data, form, full = false }: ContentProps) {
  if (data.kind === 'value' && widget.type === 'metric') return <Metric widget={widget} data={data} form={form} />;
  if (data.kind === 'rows') return <Rows widget={widget} data={data} form={form} />;
  if (
    data.kind === 'groups' &&
    (widget.type === 'pie' || widget.type === 'bar' || widget.type === 'funnel' || widget.type === 'line')
  ) {
    return <Chart widget={widget} data={data} form={form} full={full} />;
  }
  return null;
}

function Metric({
  widget,
  data,
  form,
}: {
  widget: Extract<Widget, { type: 'metric' }>;
  data: Extract<WidgetData, { kind: 'value' }>;
  form: FormView | undefined;
}) {
  const { t } = useFormat();
  const decimal = String(data.value ?? 0);
  const shown = moneyMeasure(widget, form)
    ? figureParts(decimal, t)
    : { value: numberText(data.value, false, t), unit: widget.unit ?? '' };
  return (
    <View onClick={() => look(widget.formId, data.drill, widget.title)}>
      <View className="widget__metric num">
        {shown.value}
        {shown.unit ? <View className="widget__unit">{shown.unit}</View> : null}
      </View>
      {data.target === undefined ? null : <MetricTarget target={data.target} />}
    </View>
  );
}

function moneyMeasure(widget: Widget, form: FormView | undefined): boolean {
  if (widget.type === 'list' || widget.measure.fn === 'count' || widget.measure.fn === 'countDistinct') return false;
  const key = widget.measure.field;
  return form?.fields.find((field) => field.id === key || field.key === key)?.type === 'money';
}

function Rows({
  widget,
  data,
  form,
}: {
  widget: Widget;
  data: Extract<WidgetData, { kind: 'rows' }>;
  form: FormView | undefined;
}) {
  const format = useFormat();
  const { t } = format;
  if (!form || data.items.length === 0) return <View className="widget__none">{t('dashboard.noData')}</View>;
  return (
    <View className="widget__rows">
      {data.items.map((record) => (
        <RecordRowView key={record.id} form={form} record={record} format={format} />
      ))}
      <View className="widget__all link" onClick={() => look(widget.formId, data.drill, widget.title)}>
        {t('dashboard.all', { n: totalText(data.total) })}
      </View>
    </View>
  );
}

type ChartWidget = Extract<Widget, { dimension: unknown }>;

function Chart({
  widget,
  data,
  form,
  full,
}: {
  widget: ChartWidget;
  data: Extract<WidgetData, { kind: 'groups' }>;
  form: FormView | undefined;
  full: boolean;
}) {
  const { t } = useFormat();
  const money = moneyMeasure(widget, form);
  const marks = useMemo(() => {
    const all = marksOf(data.items, data.drill, {
      form,
      dimension: widget.dimension.field,
      unit: widget.dimension.unit,
      money,
      t,
    });
    if (widget.type === 'pie') return slicesOf(all, money, t);
    return widget.type === 'bar' && !widget.dimension.unit ? sortedMarks(all) : all;
  }, [data, form, widget, money, t]);
  if (marks.every((mark) => mark.value === 0)) return <View className="widget__none">{t('dashboard.noData')}</View>;
  const tap = (mark: Mark) => look(widget.formId, mark.drill, mark.label);
  const id = `${full ? 'full' : 'chart'}-${widget.id}`;
  if (widget.type === 'pie') return <PieChart id={id} marks={marks} full={full} onTap={tap} />;
  if (widget.type === 'line') return <LineChart key={marks.length} id={id} marks={marks} full={full} onTap={tap} />;
  return <Bars key={marks.length} id={id} marks={marks} funnel={widget.type === 'funnel'} onTap={tap} />;
}

import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { nounOf as nounOfName } from '@lianke/shared/forms/noun';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { useFilterFields } from '../../shared/filter-fields.js';
import { type FilterField, fieldOf } from '../../shared/filter-model.js';
import '../../shared/filter-i18n.js';
import '../i18n.js';
import type { RowWords } from '../model/chart-rows.js';
import { figureOf, styleOf, toNumber } from '../model/figures.js';
import { isChart } from '../model/widgets.js';

type T = TFunction<'dashboards'>;

/** What a form's rows are called: 「客户」 of 客户信息表. */
export function nounOf(form: Pick<FormView, 'name'> | undefined): string {
  return nounOfName(form?.name ?? '');
}

/** A widget's title: its own, else what it shows: 「来源渠道」, 「本月新增客户」. */
export function titleOf(t: T, widget: Widget, form: FormView | undefined, fields: readonly FilterField[]): string {
  if (widget.title) return widget.title;
  if (isChart(widget)) {
    const dimension = fieldOf(fields, widget.dimension.field)?.name;
    if (!dimension) return t(`type.${widget.type}`);
    const measured = widget.measure.field ? fieldOf(fields, widget.measure.field)?.name : undefined;
    const what = measured ?? t('title.count', { noun: nounOf(form) });
    const { unit } = widget.dimension;
    return unit ? t('title.per', { unit: t(`designer.units.${unit}`), what }) : t('title.by', { dimension, what });
  }
  if (widget.type === 'metric') {
    if (widget.measure.field) return fieldOf(fields, widget.measure.field)?.name ?? t('type.metric');
    const period = widget.filter ? createdPeriod(widget.filter) : undefined;
    const noun = nounOf(form);
    return period ? t('title.created', { period: t(`filter:rel.${period}`), noun }) : t('title.count', { noun });
  }
  return form?.name ?? t(`type.${widget.type}`);
}

/** What stands in the place of an empty chart: 「本月还没有新增客户」. */
export function emptyWords(t: T, widget: Widget, form: FormView | undefined): string {
  const noun = nounOf(form);
  const period = widget.filter ? createdPeriod(widget.filter) : undefined;
  if (period) return t('empty.created', { period: t(`filter:rel.${period}`), noun });
  return t(widget.filter ? 'empty.filter' : 'empty.form', { noun });
}

function createdPeriod(filter: Filter): string | undefined {
  if (fieldsOf(filter).length !== 1) return undefined;
  const condition = 'and' in filter ? filter.and[0] : filter;
  if (!condition || !('field' in condition) || condition.field !== 'createdAt') return undefined;
  const { value } = condition;
  const named = typeof value === 'object' && value !== null && 'rel' in value && value.n === undefined;
  return named ? value.rel : undefined;
}

/** Everything that turns a widget's data into words. */
export function useWidgetWords(widget: Widget, form: FormView | undefined) {
  const { t } = useTranslation('dashboards');
  const fields = useFilterFields(form?.fields ?? noFields);
  return useMemo(() => {
    const measure = widget.type === 'list' ? undefined : widget.measure;
    const measured = measure?.field ? fieldOf(fields, measure.field) : undefined;
    const style = styleOf(measure?.fn ?? 'count', measured);
    const figure = (value: WidgetFigure) => figureOf(toNumber(value), style);
    const own = widget.type === 'metric' ? widget.unit : undefined;
    const rows: RowWords = {
      blank: t('words.blank'),
      others: t('words.others'),
      yes: t('words.yes'),
      no: t('words.no'),
      quarter: (year, n) => t('words.quarter', { year, n }),
      week: (date) => t('words.week', { date }),
    };
    return {
      fields,
      title: titleOf(t, widget, form, fields),
      empty: emptyWords(t, widget, form),
      dimension: isChart(widget) ? fieldOf(fields, widget.dimension.field) : undefined,
      rows,
      figure: (value: WidgetFigure) => {
        const { number, unit } = figure(value);
        return { number, unit: own || (unit ? t(`unit.${unit}`) : '') };
      },
      say: (value: number) => {
        const { number, unit } = figure(value);
        return unit ? `${number} ${t(`unit.${unit}`)}` : number;
      },
    };
  }, [t, widget, form, fields]);
}
type WidgetFigure = Extract<WidgetData, { kind: 'value' }>['value'];
const noFields: readonly FilterField[] = [];

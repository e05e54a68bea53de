import type { WidgetData } from '@lianke/shared/dashboards/definition';
import { Skeleton } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router-dom';
import type { FormView } from '../../api/queries.js';
import { useDark } from '../../app/theme.js';
import { chartColors } from '../charts/palette.js';
import { chartRows, drillPath } from '../model/chart-rows.js';
import type { ChartWidget } from '../model/widgets.js';
import { EmptyWidget } from './empty-widget.js';
import { useWidgetWords } from './widget-words.js';

const EChart = lazy(async () => ({ default: (await import('../charts/echart.js')).EChart }));

interface Props {
  appId: string;
  widget: ChartWidget;
  form: FormView | undefined;
  data: Extract<WidgetData, { kind: 'groups' }>;
  /** In the designer a click selects the component instead of opening rows. */
  still: boolean;
}

/** A chart whose every mark opens its rows; a list of the same stands behind it for keyboard and screen readers. */
export function ChartBody({ appId, widget, form, data, still }: Props) {
  const { t } = useTranslation('dashboards');
  const navigate = useNavigate();
  const dark = useDark();
  const words = useWidgetWords(widget, form);
  const rows = useMemo(
    () =>
      chartRows(widget, data, words.dimension, words.rows).slice(0, widget.type === 'line' ? undefined : widget.limit),
    [widget, data, words],
  );
  if (rows.length === 0 || rows.every((row) => row.value === 0)) return <EmptyWidget text={words.empty} />;
  const pathOf = (row: (typeof rows)[number]) => drillPath(appId, widget.formId, row.drill);
  return (
    <>
      <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height: '100%' }} />}>
        <EChart
          type={widget.type}
          rows={rows}
          colors={chartColors(dark)}
          say={words.say}
          label={t('chartOf', { title: words.title, type: t(`type.${widget.type}`) })}
          onPick={(row) => {
            if (!still) void navigate(pathOf(row));
          }}
        />
      </Suspense>
      {!still && (
        <ul className="widget-marks" aria-label={words.title}>
          {rows.map((row) => (
            <li key={row.key}>
              {row.drill ? (
                <Link to={pathOf(row)}>{t('rowsOf', { label: row.label, value: words.say(row.value) })}</Link>
              ) : (
                t('rowsOf', { label: row.label, value: words.say(row.value) })
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

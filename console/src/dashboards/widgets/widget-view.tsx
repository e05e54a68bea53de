import { WarningOutlined } from '@ant-design/icons';
import type { Widget, WidgetData } from '@lianke/shared/dashboards/definition';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { messageOf } from '../../api/errors.js';
import type { FormView } from '../../api/queries.js';
import { ErrorBoundary } from '../../app/error-boundary.js';
import { drillPath } from '../model/chart-rows.js';
import { isChart } from '../model/widgets.js';
import { ChartBody } from './chart-body.js';
import { EmptyWidget } from './empty-widget.js';
import { ListBody } from './list-body.js';
import { MetricTarget } from './metric-target.js';
import './widgets.css';
import { useWidgetWords } from './widget-words.js';

interface Props {
  appId: string;
  widget: Widget;
  form: FormView | undefined;
  data: WidgetData | undefined;
  error?: unknown;
  /** Shown for setting up: nothing in it leads away. */
  still?: boolean;
  /** Mends a broken component. */
  onChange?: (() => void) | undefined;
}

/** One component: its title, and its chart, number or rows in whatever state they are. */
export function WidgetView(props: Props) {
  const { t } = useTranslation('dashboards');
  const { widget, form } = props;
  const words = useWidgetWords(widget, form);
  return (
    <section className={`widget widget-${widget.type}`} aria-label={words.title}>
      <h2 className="widget-title ellipsis" title={words.title}>
        {words.title}
      </h2>
      <div className="widget-body">
        <ErrorBoundary fallback={() => <EmptyWidget text={t('loadFailed')} />}>
          <Body {...props} />
        </ErrorBoundary>
      </div>
    </section>
  );
}

function Body({ appId, widget, form, data, error, still = false, onChange }: Props) {
  const { t } = useTranslation('dashboards');
  const broken = (text: string) => (
    <EmptyWidget
      text={
        <>
          <WarningOutlined style={{ color: 'var(--ant-color-warning)', marginRight: 6 }} />
          {text}
        </>
      }
      action={
        onChange && (
          <Button size="small" onClick={onChange}>
            {t('broken.change')}
          </Button>
        )
      }
    />
  );
  if (!data) return error ? broken(messageOf(error)) : <Skeleton active title={false} paragraph={{ rows: 3 }} />;
  if (data.kind === 'broken') return broken(data.message);
  if (!form) return broken(t('broken.gone'));
  if (data.kind === 'groups' && isChart(widget)) {
    return <ChartBody appId={appId} widget={widget} form={form} data={data} still={still} />;
  }
  if (data.kind === 'rows' && widget.type === 'list') {
    return <ListBody appId={appId} widget={widget} form={form} data={data} still={still} />;
  }
  if (data.kind === 'value' && widget.type === 'metric') {
    return <Metric appId={appId} widget={widget} form={form} data={data} still={still} />;
  }
  // A preview of the kind that the component had a moment ago.
  return <Skeleton active title={false} paragraph={{ rows: 3 }} />;
}

function Metric({
  appId,
  widget,
  form,
  data,
  still,
}: {
  appId: string;
  widget: Extract<Widget, { type: 'metric' }>;
  form: FormView;
  data: Extract<WidgetData, { kind: 'value' }>;
  still: boolean;
}) {
  const words = useWidgetWords(widget, form);
  const { number, unit } = words.figure(data.value);
  const face = (
    <>
      <span className="metric-number tabular">{number}</span>
      {unit && <span className="metric-unit">{unit}</span>}
      {data.target !== undefined && <MetricTarget target={data.target} />}
    </>
  );
  if (still) return <div className="metric">{face}</div>;
  return (
    <Link className="metric" to={drillPath(appId, widget.formId, data.drill ?? widget.filter)}>
      {face}
    </Link>
  );
}

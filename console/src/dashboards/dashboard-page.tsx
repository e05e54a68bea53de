import { EditOutlined } from '@ant-design/icons';
import { Button, Grid, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { FilterBar } from './filters/filter-bar.js';
import { usePageFilters } from './filters/use-page-filters.js';
import './i18n.js';
import { columns, gap, inReadingOrder, rowHeight } from './model/grid.js';
import { PageMenu } from './page-menu.js';
import { SubscribeButton } from './subscriptions/subscribe-button.js';
import { useDashboard, useDashboardData } from './use-dashboard.js';
import { WidgetView } from './widgets/widget-view.js';

/** `/apps/:appId/dashboards/:dashboardId`: the page as its readers see it. */
export function DashboardPage() {
  const { t } = useTranslation('dashboards');
  const { appId = '', dashboardId = '' } = useParams();
  const navigate = useNavigate();
  const narrow = Grid.useBreakpoint().md === false;
  const page = useDashboard(dashboardId);
  const forms = useForms(appId);
  const widgets = page.data?.definition.widgets ?? [];
  const bar = usePageFilters(page.data?.definition);
  const data = useDashboardData(
    dashboardId,
    widgets.map((widget) => widget.formId),
    page.data?.version,
    bar.chosen,
  );
  if (page.error) return <PageError error={page.error} retry={() => void page.refetch()} />;
  if (!page.data || !forms.data) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 10 }} />;
  const designPath = `/apps/${appId}/dashboards/${dashboardId}/design`;
  const design = (
    <Link to={designPath}>
      <Button icon={<EditOutlined />} tabIndex={-1}>
        {t('design')}
      </Button>
    </Link>
  );
  return (
    <div style={{ padding: '16px 24px 32px' }}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, marginBottom: 12, minHeight: 32 }}>
        <h1 style={{ fontSize: 18, flex: 1 }}>{page.data.name}</h1>
        {widgets.length > 0 && <SubscribeButton page={page.data} />}
        {page.data.mayEdit && design}
        {page.data.mayEdit && <PageMenu page={page.data} />}
      </div>
      {widgets.length > 0 && (
        <FilterBar filters={bar.filters} values={bar.values} onChange={bar.put} onReset={bar.reset} />
      )}
      {widgets.length === 0 ? (
        <EmptyState
          title={t('emptyPage')}
          hint={t(page.data.mayEdit ? 'emptyPageHint' : 'emptyPageReader')}
          action={
            page.data.mayEdit && (
              <Link to={designPath}>
                <Button type="primary" tabIndex={-1}>
                  {t('design')}
                </Button>
              </Link>
            )
          }
        />
      ) : (
        <div
          style={{
            display: 'grid',
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            gridAutoRows: rowHeight,
            gap,
          }}
        >
          {(narrow ? inReadingOrder(widgets) : widgets).map((widget) => {
            const { x, y, w, h } = widget.place;
            return (
              <div
                key={widget.id}
                style={{
                  // On a narrow window the widgets stand below one another, as on the phone.
                  gridColumn: narrow ? '1 / -1' : `${x + 1} / span ${w}`,
                  gridRow: narrow ? `span ${h}` : `${y + 1} / span ${h}`,
                  minWidth: 0,
                  minHeight: 0,
                }}
              >
                <WidgetView
                  appId={appId}
                  widget={widget}
                  form={forms.data.find((form) => form.id === widget.formId)}
                  data={data.data?.widgets.find((item) => item.id === widget.id)}
                  error={data.error}
                  onChange={page.data.mayEdit ? () => void navigate(`${designPath}?widget=${widget.id}`) : undefined}
                />
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}

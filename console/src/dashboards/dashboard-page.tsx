import { EditOutlined } from '@ant-design/icons';
import { Button, Grid, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { DraftTag } from './draft-tag.js';
import { FilterBar } from './filters/filter-bar.js';
import { usePageFilters } from './filters/use-page-filters.js';
import './i18n.js';
import { PageMenu } from './page-menu.js';
import { SubscribeButton } from './subscriptions/subscribe-button.js';
import { useDashboard, useDashboardData } from './use-dashboard.js';
import { PageWidgets } from './widgets/page-widgets.js';

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
      <div style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 8, marginBottom: 12, minHeight: 32 }}>
        <h1 style={{ fontSize: 18 }}>{page.data.name}</h1>
        {page.data.mayEdit && <DraftTag published={page.data.published} pending={page.data.hasDraft} />}
        <span style={{ flex: 1 }} />
        {widgets.length > 0 && <SubscribeButton page={page.data} />}
        {page.data.mayEdit && design}
        {page.data.mayEdit && <PageMenu page={page.data} />}
      </div>
      {widgets.length > 0 && (
        <FilterBar filters={bar.filters} values={bar.values} onChange={bar.put} onReset={bar.reset} />
      )}
      {widgets.length === 0 ? (
        <EmptyState
          title={t(page.data.published ? 'emptyPage' : 'neverPublished')}
          hint={t(
            !page.data.published ? 'neverPublishedHint' : page.data.mayEdit ? 'emptyPageHint' : 'emptyPageReader',
          )}
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
        <PageWidgets
          appId={appId}
          widgets={widgets}
          forms={forms.data}
          data={data.data?.widgets}
          error={data.error}
          narrow={narrow}
          onChange={page.data.mayEdit ? ({ id }) => void navigate(`${designPath}?widget=${id}`) : undefined}
        />
      )}
    </div>
  );
}

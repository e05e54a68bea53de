import { ApiError } from '@lianke/shared/api/client';
import { Button, Result, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router-dom';
import { messageOf } from '../api/errors.js';

/** What stands in a page's place when it failed: an answer of the API by its meaning, anything else as a fault. */
export function PageError({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation('common');
  const home = (
    <Link to="/" key="home">
      <Button>{t('goHome')}</Button>
    </Link>
  );
  if (error instanceof ApiError && error.status === 404) {
    return <Result status="404" title={t('notFound')} subTitle={t('notFoundHint')} extra={home} />;
  }
  if (error instanceof ApiError && error.status === 403) {
    return <Result status="403" title={messageOf(error)} subTitle={t('noPermissionHint')} extra={home} />;
  }
  const again = (
    <Button type="primary" key="retry" onClick={retry ?? (() => window.location.reload())}>
      {retry ? t('retry') : t('reload')}
    </Button>
  );
  if (error instanceof ApiError) {
    return <Result status="warning" title={t('loadFailed')} subTitle={messageOf(error)} extra={[again, home]} />;
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (
    <Result status="500" title={t('crashed')} subTitle={t('crashedHint')} extra={[again, home]}>
      <Typography.Paragraph copyable code>
        {text}
      </Typography.Paragraph>
    </Result>
  );
}

/** The router's error element. */
export function RouteError() {
  return <PageError error={useRouteError()} />;
}

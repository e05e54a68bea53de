import { Button, Result, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createBrowserRouter, type RouteObject, RouterProvider } from 'react-router-dom';
import { AppFrame, frameRoute } from '../frame/app-frame.js';
import { RootLayout } from '../frame/root-layout.js';
import { routes as home } from '../home/routes.js';
import { routes as login } from '../login/routes.js';
import { routes as publicForms } from '../public-forms/routes.js';
import { routes as recordLinks } from '../record-links/routes.js';
import { routes as records } from '../records/routes.js';
import { NotFound } from './not-found.js';
import { RouteError } from './page-error.js';

async function featureRoutes(): Promise<RouteObject[]> {
  const features = await Promise.all([
    import('../app-packages/routes.js'),
    import('../form-designer/routes.js'),
    import('../imports/routes.js'),
    import('../duplicates/routes.js'),
    import('../pools/routes.js'),
    import('../admin/routes.js'),
    import('../flows/routes.js'),
    import('../dashboards/routes.js'),
    import('../tasks/routes.js'),
    import('../notify/routes.js'),
  ]);
  return features.flatMap((feature) => feature.routes);
}

/** The whole map of addresses: `login` stands alone, everything else inside the frame of a signed-in member. */
async function createRouter() {
  const features = await featureRoutes();
  return createBrowserRouter([
    {
      element: <RootLayout />,
      errorElement: <RouteError />,
      HydrateFallback: () => null,
      children: [
        ...login,
        ...publicForms,
        ...recordLinks,
        {
          id: frameRoute,
          element: <AppFrame />,
          children: [
            {
              errorElement: <RouteError />,
              children: [...home, ...records, ...features, { path: '*', element: <NotFound /> }],
            },
          ],
        },
      ],
    },
  ]);
}

/** Renders the page that the address names. */
export function AppRouter() {
  const { t } = useTranslation('common');
  const [router, setRouter] = useState<Awaited<ReturnType<typeof createRouter>>>();
  const [failed, setFailed] = useState<unknown>();
  useEffect(() => {
    createRouter().then(setRouter, setFailed);
  }, []);
  if (failed)
    return (
      <Result
        status="warning"
        title={t('loadFailed')}
        extra={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
      />
    );
  if (!router) return <Skeleton active style={{ padding: 48 }} />;
  return <RouterProvider router={router} />;
}

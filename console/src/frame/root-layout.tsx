import { Suspense } from 'react';
import { Outlet } from 'react-router-dom';
import { DemoDrawer } from '../demo/demo-drawer.js';

/** Stands around every page, the log-in page included. */
export function RootLayout() {
  return (
    <>
      <Outlet />
      <Suspense fallback={null}>
        <DemoDrawer />
      </Suspense>
    </>
  );
}

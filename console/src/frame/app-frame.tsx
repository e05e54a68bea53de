import { ApiError } from '@lianke/shared/api/client';
import { useQueryClient } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { Suspense, useEffect } from 'react';
import { Navigate, Outlet, useLocation, useMatches, useNavigate, useNavigation } from 'react-router-dom';
import { inPreview, leavePreview } from '../access/preview.js';
import { PreviewBar } from '../access/preview-bar.js';
import { onSignedOut } from '../api/client.js';
import { openLive } from '../api/live.js';
import { useMe } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { setTimeZone } from '../shared/format.js';
import styles from './frame.module.css';
import './i18n.js';
import { useOwnLanguage } from './own-language.js';
import { SideNav } from './side-nav.js';
import { TopBar } from './top-bar.js';

/** Id of the route whose pages stand in the frame. */
export const frameRoute = 'frame';

/** What a route may ask of the frame by its `handle`: `bare` hides the left navigation (designers). */
export interface FrameHandle {
  bare?: boolean;
}

function loginPath(location: { pathname: string; search: string }): string {
  const here = location.pathname + location.search;
  return here === '/' ? '/login' : `/login?returnTo=${encodeURIComponent(here)}`;
}

function Loading() {
  return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 6 }} />;
}

/** The frame of a signed-in member; whoever is not goes to the log-in page and comes back here after. */
export function AppFrame() {
  const me = useMe();
  const location = useLocation();
  const navigate = useNavigate();
  const navigation = useNavigation();
  const client = useQueryClient();
  const bare = useMatches().some((match) => (match.handle as FrameHandle | undefined)?.bare === true);
  const memberId = me.data?.member.id;
  useOwnLanguage(me.data);

  useEffect(
    () =>
      onSignedOut(() => {
        client.clear();
        navigate(loginPath(window.location), { replace: true });
      }),
    [client, navigate],
  );
  useEffect(() => (memberId ? openLive(client) : undefined), [client, memberId]);

  // A preview that is over (an hour, or the right to it) leads back to oneself.
  useEffect(() => {
    if (me.error && inPreview()) leavePreview();
  }, [me.error]);

  if (me.isPending) return <Loading />;
  if (me.error instanceof ApiError && me.error.status === 401) return <Navigate to={loginPath(location)} replace />;
  if (!me.data) return <PageError error={me.error} retry={() => void me.refetch()} />;
  // Before the pages render, so that no date is shown in another zone first.
  setTimeZone(me.data.tenant.timeZone);
  return (
    <div className={styles.frame}>
      <PreviewBar me={me.data} />
      <TopBar me={me.data} />
      <div className={styles.body}>
        {!bare && <SideNav me={me.data} />}
        <main className={styles.content} aria-busy={navigation.state === 'loading'}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}

import { CloseOutlined, ExportOutlined, MobileOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMatches } from 'react-router-dom';
import { frameRoute } from '../frame/app-frame.js';
import { CompanyOnDemand } from './company-on-demand.js';
import './demo-drawer.css';
import { noteUnread, showDrawer, useDrawerState } from './drawer-state.js';
import './i18n.js';
import { PhoneButton } from './phone-button.js';
import { ResetOnDemand } from './reset-on-demand.js';
import { unreadOf, useSandbox } from './sandbox-address.js';

/**
 * The drawer 演示手机 on the right edge of every page; renders nothing outside the demonstration. The page makes room for
 * it where the window is wide enough. Pages without the bar over them get a button of their own.
 */
export function DemoDrawer() {
  const sandbox = useSandbox();
  return sandbox ? <Drawer sandbox={sandbox} /> : null;
}

function Drawer({ sandbox }: { sandbox: string }) {
  const { t } = useTranslation('demo');
  const { open } = useDrawerState();
  const matches = useMatches();
  const barred = matches.some((match) => match.id === frameRoute);
  // Pages for people outside the company are shown as these see them.
  const outside = matches.some((match) => /^\/[ps]\//.test(match.pathname));
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const onMessage = (event: MessageEvent) => {
      const total = event.source === frame.current?.contentWindow ? unreadOf(event.data) : undefined;
      if (total !== undefined) noteUnread(total);
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, []);
  useEffect(() => {
    document.documentElement.classList.toggle('demo-open', open);
    return () => document.documentElement.classList.remove('demo-open');
  }, [open]);
  return (
    <>
      {barred && <ResetOnDemand />}
      {barred && <CompanyOnDemand />}
      {!open && !barred && !outside && (
        <div className="demo-corner">
          <PhoneButton />
        </div>
      )}
      {/* Kept while closed: the frame counts what is unread. */}
      <aside className="demo-drawer" aria-label={t('phone')} hidden={!open}>
        <div className="demo-head">
          <MobileOutlined />
          <b>{t('phone')}</b>
          <span style={{ flex: 1 }} />
          <Button
            type="text"
            size="small"
            icon={<ExportOutlined />}
            href={sandbox}
            target="_blank"
            rel="noreferrer"
            title={t('stage')}
            aria-label={t('stage')}
          />
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            title={t('close')}
            aria-label={t('close')}
            onClick={() => showDrawer(false)}
          />
        </div>
        <iframe
          ref={frame}
          title={t('phone')}
          src={`${sandbox}/drawer`}
          allow="clipboard-write; geolocation; camera"
          className="demo-frame"
        />
      </aside>
    </>
  );
}

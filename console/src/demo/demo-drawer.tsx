import { CloseOutlined, ExportOutlined, MobileOutlined } from '@ant-design/icons';
import { Badge, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './demo-drawer.css';
import './i18n.js';
import { unreadOf, useSandbox } from './sandbox-address.js';

const openKey = 'lianke.demo.open';

function wasOpen(): boolean {
  try {
    return sessionStorage.getItem(openKey) === '1';
  } catch {
    return false;
  }
}

/** The drawer 演示手机 on the right edge of every page; renders nothing outside the demonstration. */
export function DemoDrawer() {
  const sandbox = useSandbox();
  return sandbox ? <Drawer sandbox={sandbox} /> : null;
}

function Drawer({ sandbox }: { sandbox: string }) {
  const { t } = useTranslation('demo');
  const [open, setOpen] = useState(wasOpen);
  const [unread, setUnread] = useState(0);
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const onMessage = (event: MessageEvent) => {
      const total = event.source === frame.current?.contentWindow ? unreadOf(event.data) : undefined;
      if (total !== undefined) setUnread(total);
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, []);
  const show = (next: boolean) => {
    setOpen(next);
    try {
      sessionStorage.setItem(openKey, next ? '1' : '0');
    } catch {
      // Without storage the drawer begins closed on the next page.
    }
  };
  return (
    <>
      {!open && (
        <button
          type="button"
          className="demo-tab"
          aria-label={unread > 0 ? t('openUnread', { n: unread }) : t('open')}
          onClick={() => show(true)}
        >
          <Badge count={unread} size="small" offset={[-4, 0]}>
            <MobileOutlined style={{ fontSize: 16, color: '#fff' }} />
          </Badge>
          <span>{t('phone')}</span>
        </button>
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
            onClick={() => show(false)}
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

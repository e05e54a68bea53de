import { Tag } from 'antd';
import { Link } from 'react-router-dom';
import { formatRecent } from '../shared/format.js';
import { consolePath } from './console-path.js';
import { useNotifyText } from './i18n.js';
import styles from './notify.module.css';
import { type Notice, useReadNotices } from './use-notices.js';

/** Messages as lines; a click opens what they are about and marks them as read. */
export function NoticeRows({ items, onOpen }: { items: readonly Notice[]; onOpen?: () => void }) {
  const text = useNotifyText();
  const read = useReadNotices();
  return (
    <ul className={styles.notices} aria-label={text('messages')}>
      {items.map((item) => {
        const to = consolePath(item.path);
        const seen = () => {
          if (!item.readAt) void read({ ids: [item.id] });
        };
        const content = (
          <>
            <span className={item.readAt ? styles.dot : `${styles.dot} ${styles.dotOn}`} />
            <span className={styles.noticeMain}>
              <span className={item.readAt ? 'ellipsis' : `ellipsis ${styles.unread}`}>
                {item.title}
                {item.urgent && (
                  <Tag color="red" style={{ marginLeft: 8 }}>
                    {text('urgentTag')}
                  </Tag>
                )}
              </span>
              {(item.outcome || item.line) && (
                <span className="muted ellipsis">
                  {item.outcome ? text('ended', { text: item.outcome }) : item.line}
                </span>
              )}
            </span>
            <span className="muted tabular">{formatRecent(item.createdAt)}</span>
          </>
        );
        return (
          <li key={item.id}>
            {to ? (
              <Link
                to={to}
                className={styles.notice}
                onClick={() => {
                  seen();
                  onOpen?.();
                }}
              >
                {content}
              </Link>
            ) : (
              <button type="button" className={styles.notice} onClick={seen}>
                {content}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

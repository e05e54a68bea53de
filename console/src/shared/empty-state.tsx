import { InboxOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';

/** What stands where nothing is yet: what the thing is for, and what starts it. */
export function EmptyState({
  title,
  hint,
  action,
  icon,
  compact = false,
}: {
  title: ReactNode;
  hint?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
  compact?: boolean;
}) {
  return (
    <div
      style={{
        display: 'grid',
        justifyItems: 'center',
        gap: 8,
        padding: compact ? '24px 16px' : '72px 24px',
        textAlign: 'center',
      }}
    >
      <span
        aria-hidden
        style={{
          display: 'grid',
          placeItems: 'center',
          width: compact ? 40 : 64,
          height: compact ? 40 : 64,
          borderRadius: '50%',
          background: 'var(--ant-color-fill-tertiary)',
          color: 'var(--ant-color-text-quaternary)',
          fontSize: compact ? 20 : 28,
        }}
      >
        {icon ?? <InboxOutlined />}
      </span>
      <div style={{ fontSize: compact ? 14 : 16, fontWeight: 600 }}>{title}</div>
      {hint && (
        <div className="muted" style={{ maxWidth: 420 }}>
          {hint}
        </div>
      )}
      {action && (
        <div style={{ marginTop: 8, display: 'flex', gap: 8, flexWrap: 'wrap', justifyContent: 'center' }}>
          {action}
        </div>
      )}
    </div>
  );
}

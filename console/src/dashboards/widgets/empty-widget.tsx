import type { ReactNode } from 'react';

/** A sentence in the middle of a widget instead of empty axes. */
export function EmptyWidget({ text, action }: { text: ReactNode; action?: ReactNode }) {
  return (
    <div className="widget-empty">
      <div>{text}</div>
      {action}
    </div>
  );
}

import { type ReactNode, useId } from 'react';
import './designer.css';

/** One setting of a properties panel: its label above the control, which gets the label's id. */
export function Labelled({
  label,
  hint,
  extra,
  group = false,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  extra?: ReactNode;
  /** Several controls that belong together: named as a whole. A single control carries the name itself. */
  group?: boolean;
  children: ReactNode | ((labelId: string) => ReactNode);
}) {
  const id = useId();
  return (
    <div className="designer-section" {...(group ? { role: 'group', 'aria-labelledby': id } : {})}>
      <div className="designer-label">
        <span id={id}>{label}</span>
        {extra}
      </div>
      {typeof children === 'function' ? children(id) : children}
      {hint && <div className="designer-hint">{hint}</div>}
    </div>
  );
}

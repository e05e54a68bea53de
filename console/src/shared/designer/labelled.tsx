import { type ReactNode, useId } from 'react';

/** One setting of a properties panel: its label above the control, which gets the label's id. */
export function Labelled({
  label,
  hint,
  extra,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  extra?: ReactNode;
  children: ReactNode | ((labelId: string) => ReactNode);
}) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings its own frame and legend
    <div className="designer-section" role="group" aria-labelledby={id}>
      <div className="designer-label">
        <span id={id}>{label}</span>
        {extra}
      </div>
      {typeof children === 'function' ? children(id) : children}
      {hint && <div className="designer-hint">{hint}</div>}
    </div>
  );
}

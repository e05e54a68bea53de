import { cloneElement, type ReactElement, type ReactNode, useId } from 'react';
import styles from './properties.module.css';

interface Props {
  label: ReactNode;
  hint?: ReactNode;
  /** The control; it gets the id that the label points at. */
  children: ReactElement<{ id?: string }>;
}

/** One setting: its label above its control. */
export function Prop({ label, hint, children }: Props) {
  const id = useId();
  return (
    <div className={styles.prop}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {cloneElement(children, { id })}
      {hint && <div className={styles.hint}>{hint}</div>}
    </div>
  );
}

/** A setting that is on or off: control and label in one line. */
export function SwitchProp({ label, hint, children }: Props) {
  const id = useId();
  return (
    <div className={styles.prop}>
      <div className={styles.line}>
        <label htmlFor={id}>{label}</label>
        {cloneElement(children, { id })}
      </div>
      {hint && <div className={styles.hint}>{hint}</div>}
    </div>
  );
}

/** A setting of several controls under one title. */
export function PropGroup({
  label,
  extra,
  hint,
  children,
}: {
  label: ReactNode;
  extra?: ReactNode;
  hint?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings its own frame and legend
    <div className={styles.prop} role="group" aria-labelledby={id}>
      <div className={styles.groupHead}>
        <span className={styles.label} id={id}>
          {label}
        </span>
        {extra}
      </div>
      {children}
      {hint && <div className={styles.hint}>{hint}</div>}
    </div>
  );
}

import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import styles from '../admin.module.css';
import { useText } from '../i18n.js';

interface StepProps {
  n: number;
  title: string;
  where: string;
  /** null: not known yet. */
  ok: boolean | null;
  message?: string | undefined;
  children?: ReactNode;
}

/** One line of the check-list: its state, where it is found in the platform's menu, and what to do. */
export function Step({ n, title, where, ok, message, children }: StepProps) {
  const text = useText();
  const colour = ok === true ? 'success' : ok === false ? 'error' : 'text-tertiary';
  const state = text(ok === true ? 'stateOk' : ok === false ? 'stateBad' : 'stateWait');
  const Mark = ok === true ? CheckCircleFilled : ok === false ? CloseCircleFilled : MinusCircleOutlined;
  return (
    <section className={styles.step} aria-label={`${n}. ${title}`}>
      <span className={styles.stepMark} style={{ color: `var(--ant-color-${colour})` }}>
        <Mark aria-hidden />
      </span>
      <div className={styles.stepTitle}>
        {n}. {title}
        <span className={styles.stepState} style={{ color: `var(--ant-color-${colour})` }}>
          {message || state}
        </span>
      </div>
      <div className={styles.stepBody}>
        <div className="muted">{where}</div>
        {children}
      </div>
    </section>
  );
}

/** A control or a value with its name above. */
export function Labelled({ id, label, children }: { id?: string; label: string; children: ReactNode }) {
  return (
    <div>
      {id ? (
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
      ) : (
        <span className={styles.label}>{label}</span>
      )}
      {children}
    </div>
  );
}

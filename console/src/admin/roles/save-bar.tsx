import { Button } from 'antd';
import styles from '../admin.module.css';
import { useText } from '../i18n.js';

interface Props {
  dirty: boolean;
  busy: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** Rises from the bottom while rights are changed and not saved. */
export function SaveBar({ dirty, busy, onSave, onDiscard }: Props) {
  const text = useText();
  if (!dirty) return null;
  return (
    <div className={styles.saveBar} role="status">
      <span className="muted">{text('unsaved')}</span>
      <Button onClick={onDiscard}>{text('discard')}</Button>
      <Button type="primary" loading={busy} onClick={onSave}>
        {text('save')}
      </Button>
    </div>
  );
}

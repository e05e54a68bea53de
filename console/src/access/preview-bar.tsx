import type { Me } from '@lianke/shared/org/api';
import { Button } from 'antd';
import styles from './access.module.css';
import { useAccessText } from './i18n.js';
import { leavePreview } from './preview.js';

/** Says above every page that one looks as somebody else. */
export function PreviewBar({ me }: { me: Me }) {
  const text = useAccessText();
  if (!me.preview) return null;
  return (
    <div className={styles.preview} role="status">
      <span>{text('previewing', { name: me.member.name })}</span>
      <Button size="small" onClick={leavePreview}>
        {text('endPreview')}
      </Button>
    </div>
  );
}

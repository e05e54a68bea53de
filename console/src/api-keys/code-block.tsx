import { CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useCopy } from '../shared/use-copy.js';
import styles from './api-keys.module.css';
import { useKeyText } from './i18n.js';

/** Text to carry elsewhere, as it is, with a button that copies it. */
export function CodeBlock({ name, code }: { name: string; code: string }) {
  const text = useKeyText();
  const copy = useCopy();
  return (
    <section className={styles.code} aria-label={name}>
      <pre>{code}</pre>
      <Button
        size="small"
        icon={<CopyOutlined />}
        aria-label={`${text('copy')} ${name}`}
        title={text('copy')}
        onClick={() => void copy(code)}
      />
    </section>
  );
}

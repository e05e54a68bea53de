import { CopyOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import styles from './api-keys.module.css';
import { useKeyText } from './i18n.js';

/** Text to carry elsewhere, as it is, with a button that copies it. */
export function CodeBlock({ name, code }: { name: string; code: string }) {
  const text = useKeyText();
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      message.success(text('copied'));
    } catch {
      message.warning(text('copyFailed'));
    }
  };
  return (
    <section className={styles.code} aria-label={name}>
      <pre>{code}</pre>
      <Button
        size="small"
        icon={<CopyOutlined />}
        aria-label={`${text('copy')} ${name}`}
        title={text('copy')}
        onClick={() => void copy()}
      />
    </section>
  );
}

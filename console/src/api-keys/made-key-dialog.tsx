import type { ApiKeyView } from '@lianke/shared/api-keys/contracts';
import { Alert, Button, Modal } from 'antd';
import styles from './api-keys.module.css';
import { CodeBlock } from './code-block.js';
import { useKeyText } from './i18n.js';

/** What a new key says, shown this once; it does not go away by a click beside it. */
export function MadeKeyDialog({ made, onClose }: { made: { key: ApiKeyView; secret: string }; onClose: () => void }) {
  const text = useKeyText();
  return (
    <Modal
      open
      width={640}
      title={text('madeTitle', { name: made.key.name })}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {text('kept')}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={text('madeHint')} style={{ marginBottom: 16 }} />
      <CodeBlock name={text('secret')} code={made.secret} />
      <div className={styles.label}>{text('testIt')}</div>
      <CodeBlock
        name="curl"
        code={`curl ${location.origin}/api/v1/forms \\\n  -H 'Authorization: Bearer ${made.secret}'`}
      />
    </Modal>
  );
}

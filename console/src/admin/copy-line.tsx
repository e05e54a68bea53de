import { CopyOutlined } from '@ant-design/icons';
import { Button, Input, Space } from 'antd';
import { useCopy } from '../shared/use-copy.js';
import { useText } from './i18n.js';

/** A value that people carry elsewhere: read-only, with a button that copies it. */
export function CopyLine({ name, value }: { name: string; value: string }) {
  const text = useText();
  const copy = useCopy();
  return (
    <Space.Compact style={{ width: '100%' }}>
      <Input readOnly value={value} aria-label={name} onFocus={(event) => event.target.select()} />
      <Button icon={<CopyOutlined />} aria-label={text('copyOf', { name })} onClick={() => void copy(value)}>
        {text('copy')}
      </Button>
    </Space.Compact>
  );
}

import { View } from '@tarojs/components';
import { messageOf } from '../api/message.js';
import { useT } from '../i18n/index.js';
import { Button } from './button.js';

interface Props {
  text: string;
  action?: string;
  onAction?(): void;
}

/** What an empty place is for, and how to start it in one tap. */
export function Empty({ text, action, onAction }: Props) {
  return (
    <View className="empty">
      <View>{text}</View>
      {action && onAction ? (
        <View className="empty__act">
          <Button kind="primary" onClick={onAction}>
            {action}
          </Button>
        </View>
      ) : null}
    </View>
  );
}

/** A failed load: the reason and 重试. */
export function Failed({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const t = useT();
  return <Empty text={messageOf(error)} action={t('common.retry')} onAction={onRetry} />;
}

import { ApiError } from '@lianke/shared/api/client';
import { View } from '@tarojs/components';
import { messageOf } from '../api/message.js';
import { useT } from '../i18n/index.js';
import { back } from '../platform/navigate.js';
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

/** What is not there, or not for this reader: asking again changes nothing, so the way on is back, from a card to 工作台. */
export function Missing({ text }: { text: string }) {
  const t = useT();
  return <Empty text={text} action={t('common.back')} onAction={back} />;
}

/** A failed load: the reason and 重试; of what is missing, the way back. */
export function Failed({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const t = useT();
  if (error instanceof ApiError && error.status === 404) return <Missing text={messageOf(error)} />;
  return <Empty text={messageOf(error)} action={t('common.retry')} onAction={onRetry} />;
}

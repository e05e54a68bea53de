import type { FileView } from '@lianke/shared/files/api';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { colon } from '../i18n/punctuation.js';

/** Uploads files one after the other, says what failed, and hands over what arrived. `pending` counts those on their way. */
export function useUploads(onDone: (files: FileView[]) => void): {
  pending: number;
  send: (batch: readonly File[], room: number) => Promise<void>;
} {
  const { t } = useTranslation('fields');
  const { message } = App.useApp();
  const [pending, setPending] = useState(0);
  return {
    pending,
    async send(batch, room) {
      if (batch.length > room) {
        message.warning(t('tooMany', { n: room }));
        return;
      }
      setPending((count) => count + batch.length);
      const done: FileView[] = [];
      for (const file of batch) {
        try {
          done.push(await upload<FileView>('files.upload', file));
        } catch (error) {
          message.error(`${file.name}${colon()}${messageOf(error)}`);
        } finally {
          setPending((count) => count - 1);
        }
      }
      if (done.length > 0) onDone(done);
    },
  };
}

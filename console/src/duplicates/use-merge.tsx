import type { MergeBody, MergeResult } from '@lianke/shared/duplicates/api';
import type { BatchId, FormId } from '@lianke/shared/ids';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { useText } from './i18n.js';

const undoSeconds = 15;

/** Merges and offers 撤销; throws what the server refuses. */
export function useMerge(formId: string): (body: MergeBody) => Promise<MergeResult> {
  const text = useText();
  const { t } = useTranslation('common');
  const { message } = App.useApp();
  const client = useQueryClient();
  // Rows of other forms changed too: whatever points at the records.
  const renew = () => client.invalidateQueries({ queryKey: ['data'] });

  async function undo(batchId: BatchId, key: string) {
    message.destroy(key);
    try {
      const report = await api('batches.undo', { params: { batchId } });
      const left = report.kept + report.failed;
      if (left === 0) message.success(text('undone'));
      else message.warning(text('undonePart', { done: report.reversed, left }));
    } catch (error) {
      message.error(messageOf(error));
    }
    await renew();
  }

  return async (body) => {
    const result = await api('duplicates.merge', { params: { formId: formId as FormId }, body });
    await client.invalidateQueries({ queryKey: keys.data(formId) });
    await renew();
    const key = `merge-${result.batchId}`;
    message.open({
      key,
      type: 'success',
      duration: undoSeconds,
      content: (
        <>
          {text('merged', { n: body.others.length + 1 })}
          <Button type="link" size="small" onClick={() => void undo(result.batchId as BatchId, key)}>
            {t('undo')}
          </Button>
        </>
      ),
    });
    return result;
  };
}

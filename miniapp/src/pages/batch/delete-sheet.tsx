import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Failed } from '../../components/empty.js';
import { Sheet } from '../../components/sheet.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { deleteMany, tellOutcome } from '../../data/batch.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

const kinds = ['refuse', 'cascade', 'detach'] as const;

interface Props {
  formId: string;
  ids: readonly string[];
  onClose(): void;
  onDone(): void;
}

/** Says what hangs on the records and what becomes of it before they go; 撤销 follows. */
export function DeleteSheet({ formId, ids, onClose, onDone }: Props) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const preview = useResource(`delete:${formId}:${ids.join()}`, () =>
    api('records.deletePreview', { params: { formId: formId as FormId }, body: { ids: [...ids] as RecordId[] } }),
  );
  const uses = preview.data?.uses ?? [];
  const send = async () => {
    setBusy(true);
    try {
      tellOutcome(await deleteMany(formId, ids), (n) => t('batch.deleted', { n }), onDone);
      onDone();
    } catch (error) {
      showNotice(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={t('batch.deleteTitle', { n: ids.length })}
      onClose={onClose}
      foot={
        <Button kind="danger" off={busy || !preview.data} onClick={() => void send()}>
          {t('common.delete')}
        </Button>
      }
    >
      <View className="batch-sheet">
        {preview.error && !preview.data ? (
          <Failed error={preview.error} onRetry={() => void preview.reload()} />
        ) : preview.data ? null : (
          <SkeletonRows count={2} />
        )}
        {preview.data && uses.length === 0 ? <View className="muted">{t('batch.deletable')}</View> : null}
        {kinds.map((kind) => {
          const list = uses.filter((use) => use.onDelete === kind);
          return list.length === 0 ? null : (
            <View key={kind}>
              <View className="batch-sheet__title">{t(`batch.uses.${kind}`)}</View>
              {list.map((use) => (
                <View key={`${use.formId}/${use.fieldName}`}>
                  {t('batch.use', { form: use.formName, field: use.fieldName, n: use.count })}
                </View>
              ))}
            </View>
          );
        })}
      </View>
    </Sheet>
  );
}

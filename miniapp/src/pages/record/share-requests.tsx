import type { FormId, RecordId, ShareRequestId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { may } from '../../data/forms.js';
import type { FormView } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

/** Who asks to see this record, for its owner: one tap shares it for a time. */
export function ShareRequests({ form, recordId }: { form: FormView; recordId: string }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const params = { formId: form.id as FormId, id: recordId as RecordId };
  const asked = useResource(may(form, 'share') ? `data:${form.id}:asked:${recordId}` : null, async () => {
    return (await api('shareRequests.list', { params })).items;
  });
  const answer = async (id: ShareRequestId, share: boolean, name: string) => {
    if (busy) return;
    setBusy(true);
    try {
      await api('shareRequests.answer', { params: { requestId: id }, body: { share } });
      showNotice(t(share ? 'ask.shared' : 'ask.refused', { name }));
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
      void asked.reload();
    }
  };
  return (
    <View>
      {(asked.data ?? []).map(({ id, by, reason }) => (
        <View key={id} className="card share-request">
          <View>{t('ask.from', { name: by.label })}</View>
          {reason ? <View className="muted">{reason}</View> : null}
          <View className="share-request__acts">
            <Button off={busy} onClick={() => void answer(id, false, by.label)}>
              {t('ask.refuse')}
            </Button>
            <Button kind="primary" off={busy} onClick={() => void answer(id, true, by.label)}>
              {t('ask.share')}
            </Button>
          </View>
        </View>
      ))}
    </View>
  );
}

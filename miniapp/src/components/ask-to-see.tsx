import type { FormId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/message.js';
import type { FormView, Values } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { showNotice } from '../store/notice.js';
import { Area } from './area.js';
import { Button } from './button.js';
import { Sheet } from './sheet.js';

interface Props {
  form: FormView;
  /** What is known of the record, as the server takes it: it finds the record by it again. */
  values: Values;
}

const longest = 200;

/** 申请查看: asks the owner of a record that one may not see to share it. */
export function AskToSee({ form, values }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const params = { formId: form.id as FormId };
      const answer = await api('shareRequests.ask', { params, body: { values, reason: reason.trim() } });
      const names = answer.asked.map((item) => item.label).join(t('common.comma'));
      showNotice(t('ask.sent', { names }));
      setAsked(true);
      setOpen(false);
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (asked) return <View className="muted">{t('ask.waiting')}</View>;
  return (
    <View>
      <View className="banner__act" onClick={() => setOpen(true)}>
        {t('ask.see')}
      </View>
      {open ? (
        <Sheet
          title={t('ask.see')}
          onClose={() => setOpen(false)}
          foot={
            <View className="sheet-act">
              <Button kind="primary" off={busy} onClick={() => void send()}>
                {t('ask.send')}
              </Button>
            </View>
          }
        >
          <View className="sheet-part muted">{t('ask.hint')}</View>
          <View className="sheet-part">
            <Area value={reason} placeholder={t('ask.reason')} longest={longest} onChange={setReason} />
          </View>
        </Sheet>
      ) : null}
    </View>
  );
}

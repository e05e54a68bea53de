import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useState } from 'react';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { Sheet } from '../../components/sheet.js';
import { giveBack } from '../../data/pools.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { LineInput } from '../../fields/line-input.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

/** 退回公海 asks why: the next one who claims the record reads it. */
export function ReturnSheet({ form, record, onClose }: { form: FormView; record: RecordRow; onClose(): void }) {
  const t = useT();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      const result = await giveBack(form, record.id, reason.trim());
      showNotice(result.done > 0 ? t('pool.returned') : (result.failures[0]?.reason ?? ''));
      onClose();
      if (result.done > 0) void Taro.navigateBack();
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={t('pool.return')}
      onClose={onClose}
      foot={
        <Button kind="primary" off={busy || reason.trim() === ''} onClick={() => void send()}>
          {t('pool.return')}
        </Button>
      }
    >
      <View className="return-sheet">
        <LineInput value={reason} placeholder={t('pool.reasonHint')} onChange={setReason} />
        <View className="return-sheet__reasons">
          <Chips
            items={t('pool.reasons')
              .split('|')
              .map((item) => ({ key: item, label: item }))}
            on={[reason]}
            onTap={setReason}
          />
        </View>
      </View>
    </Sheet>
  );
}

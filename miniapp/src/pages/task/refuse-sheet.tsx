import { refuseReasons } from '@lianke/shared/flows/refuse-reasons';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { Area } from '../../components/area.js';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { Sheet } from '../../components/sheet.js';
import { currentLanguage, useT } from '../../i18n/index.js';

interface Props {
  /** The step wants a reason. */
  needed: boolean;
  busy: boolean;
  onRefuse(reason: string): void;
  onClose(): void;
}

/** 拒绝 without a word: the reasons that cards offer, or one's own, before anything is refused. */
export function RefuseSheet({ needed, busy, onRefuse, onClose }: Props) {
  const t = useT();
  const [reason, setReason] = useState('');
  const offered = refuseReasons.filter(({ id }) => id !== 'none').map(({ text }) => text[currentLanguage()]);
  const typed = reason.trim();
  return (
    <Sheet
      title={t('task.refuse')}
      onClose={onClose}
      foot={
        <View className="sheet-act">
          <Button kind="danger" off={busy || (needed && typed === '')} onClick={() => onRefuse(typed)}>
            {t(typed === '' && !needed ? 'task.refusePlain' : 'task.reject')}
          </Button>
        </View>
      }
    >
      <View className="sheet-part">
        <Chips items={offered.map((text) => ({ key: text, label: text }))} on={[reason]} onTap={setReason} />
      </View>
      <View className="sheet-part">
        <Area value={reason} placeholder={t('task.reason')} onChange={setReason} />
      </View>
    </Sheet>
  );
}

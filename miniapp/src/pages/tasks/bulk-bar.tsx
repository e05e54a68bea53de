import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { TaskId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { invalidate } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

export type BulkReport = AnswerOf<'tasks.approveMany'>;
/** The server agrees to so many at once. */
const most = 100;

interface Props {
  picked: readonly string[];
  /** Every shown approval that needs no more than a tap. */
  all: readonly string[];
  onPick(ids: readonly string[]): void;
  onDone(report: BulkReport): void;
}

/** 批量同意: agrees to what was picked; what asks for more is left, and says why. */
export function BulkBar({ picked, all, onPick, onDone }: Props) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const approve = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const report = await api('tasks.approveMany', { body: { ids: picked.slice(0, most) as TaskId[] } });
      if (report.done.length > 0) showNotice(t('bulk.done', { n: report.done.length }));
      onDone(report);
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
      invalidate('tasks');
    }
  };
  const every = picked.length === Math.min(all.length, most);
  return (
    <View className="bulk-bar">
      <Button off={busy} onClick={() => onPick(every ? [] : all.slice(0, most))}>
        {t(every ? 'bulk.none' : 'bulk.all')}
      </Button>
      <Button kind="primary" off={busy || picked.length === 0} onClick={() => void approve()}>
        {t('bulk.approve', { n: picked.length })}
      </Button>
    </View>
  );
}

/** The approvals that were left, each with its reason. */
export function BulkLeft({ report, onClose }: { report: BulkReport; onClose(): void }) {
  const t = useT();
  if (report.left.length === 0) return null;
  return (
    <View className="banner bulk-left">
      <View className="bulk-left__head">
        <View>{t('bulk.left', { n: report.left.length })}</View>
        <View className="link" onClick={onClose}>
          {t('bulk.seen')}
        </View>
      </View>
      {report.left.map((item) => (
        <View key={item.id}>{t('bulk.reason', { title: item.title, reason: item.reason })}</View>
      ))}
    </View>
  );
}

import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Area } from '../../components/area.js';
import { Button } from '../../components/button.js';
import { Sheet } from '../../components/sheet.js';
import { invalidate } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  run: AnswerOf<'runs.started'>['items'][number];
  onDone(): void;
  onClose(): void;
}

/** What its starter can do about an approval: see it, 催办, 撤回 with a reason. */
export function StartedSheet({ run, onDone, onClose }: Props) {
  const t = useT();
  const [taking, setTaking] = useState(false);
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const act = async (call: () => Promise<unknown>, told: string) => {
    if (busy) return;
    setBusy(true);
    try {
      await call();
      showNotice(told);
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      invalidate('tasks');
      onDone();
    }
  };
  const params = { id: run.id };
  if (taking)
    return (
      <Sheet
        title={t('started.withdraw')}
        onClose={onClose}
        foot={
          <Button
            kind="danger"
            off={busy}
            onClick={() =>
              void act(
                () => api('runs.withdraw', { params, body: { comment: why.trim() || undefined } }),
                t('started.withdrawn'),
              )
            }
          >
            {t('started.withdraw')}
          </Button>
        }
      >
        <View className="option">{t('started.sure')}</View>
        <Area value={why} placeholder={t('started.why')} onChange={setWhy} />
      </Sheet>
    );
  const show = () => {
    // Back from there he wants the list.
    onClose();
    open('/pages/task/index', { id: run.taskId });
  };
  const who = run.waiting.map((person) => person.label).join(t('common.comma'));
  return (
    <Sheet title={run.title} onClose={onClose}>
      <View className="option" hoverClass="is-pressed" onClick={show}>
        <View className="option__main">{t('started.progress')}</View>
      </View>
      {run.mayUrge ? (
        <View
          className="option"
          hoverClass="is-pressed"
          onClick={() => void act(() => api('runs.urge', { params }), t('started.urged', { who }))}
        >
          <View className="option__main">
            <View>{t('started.urge')}</View>
            <View className="muted">{t('acthint.urge')}</View>
          </View>
        </View>
      ) : null}
      {run.mayWithdraw ? (
        <View className="option" hoverClass="is-pressed" onClick={() => setTaking(true)}>
          <View className="option__main">
            <View>{t('started.withdraw')}</View>
            <View className="muted">{t('acthint.withdraw')}</View>
          </View>
        </View>
      ) : null}
    </Sheet>
  );
}

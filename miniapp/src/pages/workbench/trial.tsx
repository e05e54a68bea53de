import type { AppId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Area } from '../../components/area.js';
import { Button } from '../../components/button.js';
import { Sheet } from '../../components/sheet.js';
import { Tag } from '../../components/tag.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

/** Beside the name of an app that is tried out: that it is, and 提意见 to whoever runs the trial. */
export function Trial({ appId, name }: { appId: string; name: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await api('trials.feedback', {
        params: { appId: appId as AppId },
        body: { text: words.trim(), page: t('trial.page') },
      });
      showNotice(t('trial.sent'));
      setWords('');
      setOpen(false);
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Tag label={t('trial.tag')} color="orange" />
      <View className="link section-title__side section-title__act" onClick={() => setOpen(true)}>
        {t('trial.say')}
      </View>
      {open ? (
        <Sheet
          title={t('trial.title', { name })}
          onClose={() => setOpen(false)}
          foot={
            <Button kind="primary" off={busy || words.trim() === ''} onClick={() => void send()}>
              {t('trial.send')}
            </Button>
          }
        >
          <Area className="section-title__area" value={words} placeholder={t('trial.hint')} onChange={setWords} />
        </Sheet>
      ) : null}
    </>
  );
}

import { View } from '@tarojs/components';
import { dropWaiting, useOutbox, type Waiting } from '../../data/outbox.js';
import { retryWaiting, sendWithoutFiles } from '../../data/outbox-send.js';
import { ago } from '../../data/time.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';

/** 等待发送: what could not be sent yet, why, and what can be done about it. */
export function WaitingRows() {
  const t = useT();
  const waiting = useOutbox();
  // A to-do goes and stays with its visit.
  const heads = waiting.filter((item) => !waiting.some((other) => other.id === item.after));
  if (heads.length === 0) return null;
  return (
    <View>
      <View className="section-title">{t('outbox.title')}</View>
      {heads.map((item) => (
        <WaitingRow key={item.id} item={item} />
      ))}
    </View>
  );
}

function WaitingRow({ item }: { item: Waiting }) {
  const t = useT();
  const drop = () => {
    const takeBack = dropWaiting(item.id);
    showNotice(t('outbox.dropped', { title: item.title }), { text: t('common.undo'), run: takeBack });
  };
  const page = item.visit ? '/pages/visit/index' : '/pages/form/index';
  const params = { formId: item.formId, waiting: item.id, ...(item.edit ? { id: item.id } : {}) };
  return (
    <View className="row me-waiting">
      <View className="row__main">
        <View className="ellipsis">{item.title || t('record.untitled')}</View>
        <View className={`row__line ${item.problem ? 'me-problem' : ''}`}>
          {item.problem ?? t('outbox.since', { time: ago(t, zone(), item.at, Date.now()) })}
        </View>
      </View>
      <View className="me-acts">
        <View className="me-act link" onClick={() => void retryWaiting(item.id)}>
          {t('common.retry')}
        </View>
        {item.filled ? (
          <View className="me-act link" onClick={() => open(page, params)}>
            {t('outbox.open')}
          </View>
        ) : null}
        {item.files.length > 0 && item.problem ? (
          <View className="me-act link" onClick={() => void sendWithoutFiles(item.id)}>
            {t('outbox.withoutPhotos')}
          </View>
        ) : null}
        {item.problem ? (
          <View className="me-act" onClick={drop}>
            {t('common.delete')}
          </View>
        ) : null}
      </View>
    </View>
  );
}

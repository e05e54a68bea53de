import { View } from '@tarojs/components';
import { useState } from 'react';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { linkCustomer, type SidebarView } from '../../data/sidebar.js';
import { RecordSheet } from '../../fields/record-sheet.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  externalUserid: string;
  view: SidebarView;
  suggestions: Extract<SidebarView['customer'], { state: 'none' }>['suggestions'];
  onView(view: SidebarView): void;
}

/** Nobody has said yet which customer it is: likely ones, any other, or a new one. */
export function Unlinked({ externalUserid, view, suggestions, onView }: Props) {
  const t = useT();
  const [picking, setPicking] = useState(false);
  const [busy, setBusy] = useState(false);
  const link = async (id: string) => {
    if (busy) return;
    setPicking(false);
    setBusy(true);
    try {
      onView(await linkCustomer(externalUserid, id));
      showNotice(t('sidebar.linked'));
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const create = () =>
    open('/pages/form/index', {
      formId: view.formId ?? '',
      preset: JSON.stringify(view.preset),
      external: externalUserid,
    });
  return (
    <View>
      {suggestions.length > 0 ? (
        <>
          <View className="section-title">{t('sidebar.isIt')}</View>
          <View className="card side-card">
            {suggestions.map((item) => (
              <View key={item.id} className="row">
                <View className="row__main">
                  <View className="row__title ellipsis">{item.label}</View>
                  <View className="row__line">{t(`sidebar.why.${item.why}`)}</View>
                </View>
                <View
                  className={`side-link link ${busy ? 'btn--off' : ''}`}
                  hoverClass="is-pressed"
                  onClick={() => void link(item.id)}
                >
                  {t('sidebar.link')}
                </View>
              </View>
            ))}
          </View>
        </>
      ) : (
        <View className="card side-none">{t('sidebar.none')}</View>
      )}
      <View className="side-acts">
        <Button off={busy} onClick={() => setPicking(true)}>
          {t('sidebar.choose')}
        </Button>
        {view.mayCreate ? (
          <Button kind="primary" off={busy} onClick={create}>
            {t('sidebar.create')}
          </Button>
        ) : null}
      </View>
      {picking && view.formId ? (
        <RecordSheet
          title={t('sidebar.choose')}
          formId={view.formId}
          creates={false}
          onPick={(record) => void link(record.id)}
          onClose={() => setPicking(false)}
        />
      ) : null}
    </View>
  );
}

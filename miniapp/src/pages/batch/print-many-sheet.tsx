import { urlOf } from '@lianke/shared/api/client';
import type { FileView } from '@lianke/shared/files/api';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { PrintTemplateView } from '@lianke/shared/print/api';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { PrintChoices } from '../../components/print-choices.js';
import { Sheet } from '../../components/sheet.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useT } from '../../i18n/index.js';
import { openServerFile } from '../../platform/open-file.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  formId: string;
  ids: readonly string[];
  onClose(): void;
}

/** 打印 of several records: one PDF, a page each, or sheets of QR labels. */
export function PrintManySheet({ formId, ids, onClose }: Props) {
  const t = useT();
  const [file, setFile] = useState<FileView | 'making'>();
  const make = async (layout: 'page' | 'labels', templateId?: PrintTemplateView['id']) => {
    setFile('making');
    try {
      const params = { formId: formId as FormId };
      const body = { ids: [...ids] as RecordId[], layout, templateId };
      setFile(await api('prints.file', { params, body }));
    } catch (error) {
      showNotice(messageOf(error));
      setFile(undefined);
    }
  };
  // Opened by a tap of its own: browsers refuse a window that opens long after one.
  const show = (made: FileView) =>
    openServerFile(urlOf('files.get', { id: made.id }), 'pdf').catch(() => showNotice(t('file.cannotOpen')));
  if (file && file !== 'making')
    return (
      <Sheet
        title={t('print.title', { n: ids.length })}
        onClose={onClose}
        foot={
          <Button kind="primary" onClick={() => void show(file)}>
            {t('print.open')}
          </Button>
        }
      >
        <View className="print-made">
          <View className="print-made__name">{file.name}</View>
          <View className="muted">{t('print.ready')}</View>
        </View>
      </Sheet>
    );
  return (
    <Sheet title={t(file ? 'print.making' : 'print.title', { n: ids.length })} onClose={onClose}>
      {file ? (
        <SkeletonRows count={2} />
      ) : (
        <>
          <PrintChoices formId={formId} onPick={(templateId) => void make('page', templateId)} />
          <View className="option" hoverClass="is-pressed" onClick={() => void make('labels')}>
            <View className="option__main">
              <View>{t('print.labels')}</View>
              <View className="muted">{t('print.labelsHint')}</View>
            </View>
          </View>
        </>
      )}
    </Sheet>
  );
}

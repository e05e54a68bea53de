import { urlOf } from '@lianke/shared/api/client';
import type { FormId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { Failed } from '../../components/empty.js';
import { Sheet } from '../../components/sheet.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { openServerFile } from '../../platform/open-file.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  formId: string;
  id: string;
  onClose(): void;
}

/** 打印: the form's templates and the built-in layout; a tap shows the PDF. */
export function PrintSheet({ formId, id, onClose }: Props) {
  const t = useT();
  const templates = useResource(
    `form:${formId}:print-templates`,
    async () => (await api('prints.templates', { params: { formId: formId as FormId } })).items,
  );
  const show = (templateId?: string) => {
    const path = urlOf('prints.record', { formId, id }, { templateId, format: 'pdf' });
    openServerFile(path, 'pdf').catch(() => showNotice(t('file.cannotOpen')));
    onClose();
  };
  return (
    <Sheet title={t('record.print')} onClose={onClose}>
      {templates.error && !templates.data ? (
        <Failed error={templates.error} onRetry={() => void templates.reload()} />
      ) : null}
      {!templates.data && !templates.error ? <SkeletonRows count={2} /> : null}
      {templates.data?.map((item) => (
        <View key={item.id} className="option" hoverClass="is-pressed" onClick={() => show(item.id)}>
          <View className="option__main">{item.name}</View>
        </View>
      ))}
      {templates.data ? (
        <View className="option" hoverClass="is-pressed" onClick={() => show()}>
          <View className="option__main">{t('record.printBuiltIn')}</View>
        </View>
      ) : null}
    </Sheet>
  );
}

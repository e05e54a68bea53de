import type { FormId } from '@lianke/shared/ids';
import type { PrintTemplateView } from '@lianke/shared/print/api';
import { View } from '@tarojs/components';
import { api } from '../api/client.js';
import { useResource } from '../data/resource.js';
import { useT } from '../i18n/index.js';
import { Failed } from './empty.js';
import { SkeletonRows } from './skeleton.js';

interface Props {
  formId: string;
  /** @param templateId undefined: the built-in layout */
  onPick(templateId?: PrintTemplateView['id']): void;
}

/** The form's print templates and the built-in layout, as options of a sheet. */
export function PrintChoices({ formId, onPick }: Props) {
  const t = useT();
  const templates = useResource(
    `form:${formId}:print-templates`,
    async () => (await api('prints.templates', { params: { formId: formId as FormId } })).items,
  );
  if (!templates.data)
    return templates.error ? (
      <Failed error={templates.error} onRetry={() => void templates.reload()} />
    ) : (
      <SkeletonRows count={2} />
    );
  return (
    <>
      {templates.data.map((item) => (
        <View key={item.id} className="option" hoverClass="is-pressed" onClick={() => onPick(item.id)}>
          <View className="option__main">{item.name}</View>
        </View>
      ))}
      <View className="option" hoverClass="is-pressed" onClick={() => onPick()}>
        <View className="option__main">{t('record.printBuiltIn')}</View>
      </View>
    </>
  );
}

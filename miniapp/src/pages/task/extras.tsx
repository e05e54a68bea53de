import { View } from '@tarojs/components';
import { useState } from 'react';
import { FieldBox } from '../../components/field-box.js';
import type { Json, ReadField, Values } from '../../data/record-types.js';
import { LastingFilesContext } from '../../fields/field-uploads.js';
import { useT } from '../../i18n/index.js';
import { attachmentsField, copiesField } from './extra-fields.js';

interface Props {
  shown: Values;
  /** Whether copies may be sent at this step. */
  copies: boolean;
  onChange(field: ReadField, value: Json): void;
}

/** 附件、抄送: folded away, since few decisions carry them. */
export function ExtrasPart({ shown, copies, onChange }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <View className="link task-extras" onClick={() => setOpen(true)}>
        {t(copies ? 'task.extras' : 'task.files')}
      </View>
    );
  const fields = [attachmentsField(t('task.files')), ...(copies ? [copiesField(t('task.cc'))] : [])];
  return (
    <LastingFilesContext.Provider value="page">
      <View>
        {fields.map((field) => (
          <FieldBox
            key={field.key}
            field={field}
            value={shown[field.key] ?? null}
            onChange={(value) => onChange(field, value)}
          />
        ))}
      </View>
    </LastingFilesContext.Provider>
  );
}

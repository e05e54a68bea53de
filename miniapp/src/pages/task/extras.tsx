import { View } from '@tarojs/components';
import { useState } from 'react';
import { FieldBox } from '../../components/field-box.js';
import type { Json } from '../../data/record-types.js';
import { useT } from '../../i18n/index.js';
import { attachmentsField, copiesField } from './extra-fields.js';

/** What may go along with 同意 and 拒绝. */
export interface Extras {
  attachments: Json;
  cc: Json;
}

interface Props {
  value: Extras;
  /** Whether copies may be sent at this step. */
  copies: boolean;
  onChange(value: Extras): void;
}

/** 附件、抄送: folded away, since few decisions carry them. */
export function ExtrasPart({ value, copies, onChange }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <View className="link task-extras" onClick={() => setOpen(true)}>
        {t(copies ? 'task.extras' : 'task.files')}
      </View>
    );
  return (
    <View>
      <FieldBox
        field={attachmentsField(t('task.files'))}
        value={value.attachments}
        onChange={(attachments) => onChange({ ...value, attachments })}
      />
      {copies ? (
        <FieldBox field={copiesField(t('task.cc'))} value={value.cc} onChange={(cc) => onChange({ ...value, cc })} />
      ) : null}
    </View>
  );
}

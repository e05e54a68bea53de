import type { TagsConfig } from '@lianke/shared/fields/tags/schema';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { messageOf } from '../../api/message.js';
import { Tag } from '../../components/tag.js';
import { may } from '../../data/forms.js';
import { configOf, type FormView, type ReadField, type RecordRow, textsOf } from '../../data/record-types.js';
import { updateRecord } from '../../data/write-record.js';
import { OptionSheet } from '../../fields/option-sheet.js';
import { optionOf, optionsOf } from '../../fields/plain-values.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  form: FormView;
  field: ReadField;
  record: RecordRow;
  onChanged(): void;
}

/** The customer's tags, changed where they stand. */
export function TagLine({ form, field, record, onChanged }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const chosen = textsOf(record.values[field.key]);
  const free = field.type === 'tags';
  const choices = free
    ? (configOf<TagsConfig>(field).suggestions ?? []).map((label) => ({ id: label, label }))
    : optionsOf(field).filter((option) => !option.disabled || chosen.includes(option.id));
  const writable = may(form, 'edit') && field.writable;
  const save = async (ids: string[]) => {
    setOpen(false);
    try {
      await updateRecord(form, record.id, { [field.key]: ids }, record.version);
    } catch (error) {
      showNotice(messageOf(error));
    }
    onChanged();
  };
  if (chosen.length === 0 && !writable) return null;
  return (
    <View className="side-tags" onClick={writable ? () => setOpen(true) : undefined}>
      <View className="side-tags__name">{field.name}</View>
      <View className="side-tags__list">
        {chosen.map((id) => (
          <Tag
            key={id}
            label={free ? id : (optionOf(field, id)?.label ?? id)}
            color={free ? 'blue' : (optionOf(field, id)?.color ?? 'gray')}
          />
        ))}
        {chosen.length === 0 ? <View className="muted">{t('sidebar.noTags')}</View> : null}
      </View>
      {writable ? <View className="link">{t('common.edit')}</View> : null}
      {open ? (
        <View onClick={(event) => event.stopPropagation()}>
          <OptionSheet
            title={field.name}
            choices={choices}
            chosen={chosen}
            many
            free={free}
            onDone={(ids) => void save(ids)}
            onClose={() => setOpen(false)}
          />
        </View>
      ) : null}
    </View>
  );
}

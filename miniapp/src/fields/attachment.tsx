import type { AttachmentConfig } from '@lianke/shared/fields/attachment/schema';
import { configOf, filesOf, type Json } from '../data/record-types.js';
import { useFieldUploads } from './field-uploads.js';
import { FilePicker } from './file-picker.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const { accept = 'any', max = 20 } = configOf<AttachmentConfig>(field);
  const { uploads, stored, add, remove, retry } = useFieldUploads(value, onChange);
  const room = max - stored.length - uploads.length;
  return (
    <FilePicker
      stored={stored}
      uploads={uploads}
      image={accept === 'image'}
      full={room <= 0}
      onAdd={() => void add(accept, room)}
      onDrop={remove}
      onRetry={retry}
    />
  );
}

export const attachmentField: FieldRenderer = {
  Control,
  format: (value, _field, { t }) =>
    filesOf(value)
      .map((file) => file.name)
      .join(t('common.comma')),
  toWire: (value: Json) => filesOf(value).map((file) => file.id),
};

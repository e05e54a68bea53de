import type { ImageConfig } from '@lianke/shared/fields/image/schema';
import { configOf } from '../data/record-types.js';
import { attachmentField } from './attachment.js';
import { useFieldUploads } from './field-uploads.js';
import { FilePicker } from './file-picker.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const { max = 9, cameraOnly } = configOf<ImageConfig>(field);
  const { uploads, stored, add, remove, retry } = useFieldUploads(value, onChange);
  const room = max - stored.length - uploads.length;
  return (
    <FilePicker
      stored={stored}
      uploads={uploads}
      image
      full={room <= 0}
      onAdd={() => void add(cameraOnly ? 'camera' : 'image', room)}
      onDrop={remove}
      onRetry={retry}
    />
  );
}

export const imageField: FieldRenderer = { ...attachmentField, Control };

import type { ImageConfig } from '@lianke/shared/fields/image/schema';
import { useRef } from 'react';
import { configOf, filesOf } from '../data/record-types.js';
import { attachmentField } from './attachment.js';
import { FilePicker } from './file-picker.js';
import type { ControlProps, FieldRenderer } from './types.js';
import { useUploads } from './use-uploads.js';

function Control({ field, value, onChange }: ControlProps) {
  const { max = 9, cameraOnly } = configOf<ImageConfig>(field);
  const stored = filesOf(value);
  // Two uploads may end before the next render: each adds to what the one before left.
  const latest = useRef(stored);
  latest.current = stored;
  const { uploads, add, drop, retry } = useUploads((file, key) => {
    latest.current = [...latest.current, file];
    onChange(latest.current.map((item) => ({ ...item })));
    drop(key);
  });
  const room = max - stored.length - uploads.length;
  return (
    <FilePicker
      stored={stored}
      uploads={uploads}
      image
      full={room <= 0}
      onAdd={() => void add(cameraOnly ? 'camera' : 'image', room)}
      onDrop={(id) => {
        drop(id);
        onChange(stored.filter((file) => file.id !== id).map((file) => ({ ...file })));
      }}
      onRetry={retry}
    />
  );
}

export const imageField: FieldRenderer = { ...attachmentField, Control };

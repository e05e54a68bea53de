import type { AttachmentConfig } from '@lianke/shared/fields/attachment/schema';
import { useRef } from 'react';
import { configOf, filesOf, type Json } from '../data/record-types.js';
import { FilePicker } from './file-picker.js';
import type { ControlProps, FieldRenderer } from './types.js';
import { useUploads } from './use-uploads.js';

function Control({ field, value, onChange }: ControlProps) {
  const { accept = 'any', max = 20 } = configOf<AttachmentConfig>(field);
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
      image={accept === 'image'}
      full={room <= 0}
      onAdd={() => void add(accept, room)}
      onDrop={(id) => {
        drop(id);
        onChange(stored.filter((file) => file.id !== id).map((file) => ({ ...file })));
      }}
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

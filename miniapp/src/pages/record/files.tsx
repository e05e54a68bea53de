import { View } from '@tarojs/components';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import type { FileRef } from '../../data/record-types.js';
import { useT } from '../../i18n/index.js';
import { showFile } from '../../platform/show-file.js';
import { showNotice } from '../../store/notice.js';

function sizeText(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

/** The record's files; a tap shows one. */
export function Files({ files }: { files: readonly FileRef[] }) {
  const t = useT();
  if (files.length === 0) return <Empty text={t('record.noFiles')} />;
  const show = (file: FileRef) => void showFile(file).catch(() => showNotice(t('file.cannotOpen')));
  return (
    <View>
      {files.map((file) => (
        <View key={file.id} className="row" hoverClass="is-pressed" onClick={() => show(file)}>
          <Icon name="file" className="record-file" />
          <View className="row__main">
            <View className="ellipsis">{file.name}</View>
            <View className="row__line">{sizeText(file.size)}</View>
          </View>
        </View>
      ))}
    </View>
  );
}

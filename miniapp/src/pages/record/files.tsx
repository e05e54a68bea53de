import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import type { FileRef } from '../../data/record-types.js';
import { isImage } from '../../fields/file-picker.js';
import { useT } from '../../i18n/index.js';
import { isH5 } from '../../platform/host.js';
import { commonHeaders } from '../../platform/transport.js';
import { fileUrl } from '../../platform/upload.js';
import { showNotice } from '../../store/notice.js';

function sizeText(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

async function fetchAndOpen(file: FileRef, failed: string): Promise<void> {
  try {
    const { tempFilePath } = await Taro.downloadFile({ url: fileUrl(file.id), header: commonHeaders() });
    if (isImage(file)) await Taro.previewImage({ urls: [tempFilePath] });
    else await Taro.openDocument({ filePath: tempFilePath });
  } catch {
    showNotice(failed);
  }
}

/** The record's files; a tap shows one. */
export function Files({ files }: { files: readonly FileRef[] }) {
  const t = useT();
  if (files.length === 0) return <Empty text={t('record.noFiles')} />;
  const show = (file: FileRef) => {
    if (!isH5) void fetchAndOpen(file, t('file.cannotOpen'));
    else if (isImage(file)) void Taro.previewImage({ urls: [fileUrl(file.id)] });
    else window.open(fileUrl(file.id), '_blank', 'noopener');
  };
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

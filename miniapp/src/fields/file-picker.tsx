import { Image, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { Icon } from '../components/icon.js';
import { ServerImage } from '../components/server-image.js';
import type { FileRef } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { shownPath } from '../platform/file-copy.js';
import type { LocalFile } from '../platform/pick-files.js';
import { isImage, showFile } from '../platform/show-file.js';
import { fileUrl } from '../platform/upload.js';
import { showNotice } from '../store/notice.js';

/** A file picked here: on its way (`progress` in percent), there (`stored`), or not (`failed`: why). */
export interface Upload {
  key: string;
  file: LocalFile;
  progress: number;
  stored: FileRef | null;
  failed: string | null;
  /** It failed for want of a network or a server: it will arrive later. */
  later?: boolean;
}

interface Props {
  stored: readonly FileRef[];
  uploads: readonly Upload[];
  image: boolean;
  full: boolean;
  onAdd(): void;
  onDrop(id: string): void;
  onRetry(key: string): void;
}

/** Thumbnails of stored and picked files, with a tile to add more. */
export function FilePicker({ stored, uploads, image, full, onAdd, onDrop, onRetry }: Props) {
  const t = useT();
  /** Shows one large; the others of the field are a swipe away. */
  const preview = async (id: string) => {
    const images = stored.filter(isImage);
    try {
      const urls = await Promise.all(images.map((file) => shownPath(file.id)));
      await Taro.previewImage({ urls, current: urls[images.findIndex((file) => file.id === id)] ?? '' });
    } catch {
      showNotice(t('file.cannotOpen'));
    }
  };
  const open = (file: FileRef) => void showFile(file).catch(() => showNotice(t('file.cannotOpen')));
  const reasons = uploads.flatMap(({ failed }) => (failed ? [failed] : []));
  return (
    <View className="files">
      {stored.map((file) => (
        <View className="files__item" key={file.id}>
          {isImage(file) ? (
            <ServerImage
              className="files__image"
              mode="aspectFill"
              id={file.id}
              onClick={() => void preview(file.id)}
            />
          ) : (
            <Doc name={file.name} onTap={() => open(file)} />
          )}
          <Drop onTap={() => onDrop(file.id)} />
        </View>
      ))}
      {uploads.map(({ key, file, stored: arrived, failed, progress }) => {
        const show = arrived ? () => open(arrived) : undefined;
        return (
          <View className="files__item" key={key}>
            {file.image && arrived && file.path === fileUrl(arrived.id) ? (
              <ServerImage
                className="files__image"
                mode="aspectFill"
                id={arrived.id}
                {...(show ? { onClick: show } : {})}
              />
            ) : file.image ? (
              <Image className="files__image" mode="aspectFill" src={file.path} {...(show ? { onClick: show } : {})} />
            ) : (
              <Doc name={file.name} onTap={show} />
            )}
            {failed ? (
              <View className="files__state" onClick={() => onRetry(key)}>
                {t('file.retry')}
              </View>
            ) : arrived ? null : (
              <View className="files__state">{progress}%</View>
            )}
            <Drop onTap={() => onDrop(key)} />
          </View>
        );
      })}
      {full ? null : (
        <View className="files__add" hoverClass="is-pressed" onClick={onAdd}>
          <Icon name={image ? 'camera' : 'plus'} />
          <View>{t(image ? 'file.photo' : 'file.add')}</View>
        </View>
      )}
      {[...new Set(reasons)].map((reason) => (
        <View className="files__reason" key={reason}>
          {reason}
        </View>
      ))}
    </View>
  );
}

function Doc({ name, onTap }: { name: string; onTap: (() => void) | undefined }) {
  return (
    <View className="files__doc" hoverClass={onTap ? 'is-pressed' : 'none'} onClick={onTap}>
      <Icon name="file" />
      <View className="files__name ellipsis">{name}</View>
    </View>
  );
}

function Drop({ onTap }: { onTap(): void }) {
  return (
    <View className="files__drop" onClick={onTap}>
      <Icon name="close" small />
    </View>
  );
}

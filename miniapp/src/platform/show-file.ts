import Taro from '@tarojs/taro';
import type { FileRef } from '../data/record-types.js';
import { shownPath } from './file-copy.js';
import { isH5 } from './host.js';
import { fileUrl } from './upload.js';

export function isImage(file: Pick<FileRef, 'mime'>): boolean {
  return file.mime.startsWith('image/');
}

/** Shows a stored file: a picture over the page, anything else with what the phone opens it. Throws when it cannot. */
export async function showFile(file: Pick<FileRef, 'id' | 'mime'>): Promise<void> {
  const url = fileUrl(file.id);
  if (isH5) {
    if (isImage(file)) await Taro.previewImage({ urls: [url] });
    else window.open(url, '_blank', 'noopener');
    return;
  }
  const path = await shownPath(file.id);
  if (isImage(file)) await Taro.previewImage({ urls: [path] });
  else await Taro.openDocument({ filePath: path });
}

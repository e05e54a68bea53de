import Taro from '@tarojs/taro';
import { isH5 } from './host.js';
import { commonHeaders } from './transport.js';
import { fileUrl } from './upload.js';

/** Copies in the mini-program's temporary folder by file id, for as long as the program runs. */
const copies = new Map<string, Promise<string>>();

async function download(id: string): Promise<string> {
  const { tempFilePath, statusCode } = await Taro.downloadFile({ url: fileUrl(id), header: commonHeaders() });
  // DingTalk names no status.
  if (statusCode !== undefined && statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  return tempFilePath;
}

/**
 * A path that pictures and viewers can show: browsers send the session with the address, mini-programs do not and need a
 * copy on the phone. Throws when it could not be fetched; the next call tries again.
 */
export function shownPath(id: string): Promise<string> {
  if (isH5) return Promise.resolve(fileUrl(id));
  const known = copies.get(id);
  if (known) return known;
  const copy = download(id);
  copies.set(id, copy);
  copy.catch(() => copies.delete(id));
  return copy;
}

import Taro from '@tarojs/taro';
import { isH5 } from './host.js';
import type { LocalFile } from './pick-files.js';

/**
 * Moves a temporary file of a mini-program, gone when it closes, to its own folder; files picked on h5 are data that can
 * be written down as they are. Throws where the phone has no room for it or the file is gone.
 */
export async function keepFile(file: LocalFile): Promise<LocalFile> {
  if (isH5 || file.kept) return file;
  const saved = await Taro.saveFile({ tempFilePath: file.path });
  if (!('savedFilePath' in saved) || typeof saved.savedFilePath !== 'string') throw new Error('saveFile');
  return { ...file, path: saved.savedFilePath, kept: true };
}

/** Frees the room of a kept file that nothing needs any more. */
export function forgetFile(file: LocalFile): void {
  if (!file.kept) return;
  try {
    void Promise.resolve(Taro.removeSavedFile({ filePath: file.path })).catch(() => undefined);
  } catch {
    // The host cannot: the file stays until the program is removed.
  }
}

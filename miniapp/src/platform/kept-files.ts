import Taro from '@tarojs/taro';
import { isH5 } from './host.js';
import type { LocalFile } from './pick-files.js';

/** The part of the hosts' file manager that is used; WeChat's and DingTalk's are alike. */
interface FileManager {
  access?(options: { path: string; success(): void; fail(error: unknown): void }): void;
  removeSavedFile?(options: { filePath: string; fail(): void }): void;
  saveFile?(options: {
    tempFilePath: string;
    success(answer: { savedFilePath: string }): void;
    fail(error: unknown): void;
  }): void;
}

function manager(): FileManager {
  return (typeof Taro.getFileSystemManager === 'function' ? Taro.getFileSystemManager() : undefined) ?? {};
}

async function saved(tempFilePath: string): Promise<string> {
  try {
    const answer = await Taro.saveFile({ tempFilePath });
    if ('savedFilePath' in answer && typeof answer.savedFilePath === 'string') return answer.savedFilePath;
  } catch (error) {
    if (!manager().saveFile) throw error;
  }
  // Clients without the older call.
  return new Promise((resolve, reject) => {
    const { saveFile } = manager();
    if (!saveFile) return reject(new Error('saveFile'));
    saveFile({ tempFilePath, success: ({ savedFilePath }) => resolve(savedFilePath), fail: reject });
  });
}

/**
 * Moves a temporary file of a mini-program, gone when it closes, to its own folder; files picked on h5 are data that can
 * be written down as they are. Throws where the phone has no room for it or the file is gone.
 */
export async function keepFile(file: LocalFile): Promise<LocalFile> {
  return isH5 || file.kept ? file : { ...file, path: await saved(file.path), kept: true };
}

/** Frees the room of a kept file that nothing needs any more. */
export function forgetFile(file: LocalFile): void {
  if (file.kept) manager().removeSavedFile?.({ filePath: file.path, fail: () => undefined });
}

/** Why a file cannot be read; undefined when it can, or the host does not tell. */
export function whyUnreadable(path: string): Promise<unknown> {
  return new Promise((resolve) => {
    const { access } = manager();
    if (!access) return resolve(undefined);
    access({ path, success: () => resolve(undefined), fail: resolve });
  });
}

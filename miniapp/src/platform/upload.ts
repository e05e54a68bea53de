import { ApiError } from '@lianke/shared/api/client';
import { routes } from '@lianke/shared/api/routes';
import type { Problem } from '@lianke/shared/errors/problem';
import Taro from '@tarojs/taro';
import type { FileRef } from '../data/record-types.js';
import { isDd, isH5 } from './host.js';
import type { LocalFile } from './pick-files.js';
import { commonHeaders, offlineError, parsed, server } from './transport.js';

const path = routes['files.upload'][1];

function answer(status: number, body: string): FileRef {
  const json = parsed(body);
  if (status >= 200 && status < 300) return json as FileRef;
  const problem = json as Problem | null;
  throw new ApiError(
    status,
    problem?.code ? problem : { type: 'about:blank', title: 'HTTP', status, code: 'internal' },
  );
}

function blobOf(dataUrl: string): Blob {
  const [head = '', body = ''] = dataUrl.split(',');
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  return new Blob([bytes], { type: /^data:([^;]+)/.exec(head)?.[1] ?? 'application/octet-stream' });
}

function uploadOnH5(file: LocalFile, onProgress: (percent: number) => void): Promise<FileRef> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append('file', blobOf(file.path), file.name);
    const request = new XMLHttpRequest();
    request.open('POST', server + path);
    for (const [key, value] of Object.entries(commonHeaders())) request.setRequestHeader(key, value);
    request.upload.onprogress = (event) => onProgress(Math.round((event.loaded / (event.total || 1)) * 100));
    request.onerror = () => reject(offlineError());
    request.onload = () => {
      try {
        resolve(answer(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.send(form);
  });
}

async function uploadInMiniProgram(file: LocalFile, onProgress: (percent: number) => void): Promise<FileRef> {
  const options = { url: server + path, filePath: file.path, name: 'file', header: commonHeaders() };
  // DingTalk wants to know the kind of file; others ignore it.
  const task = Taro.uploadFile(isDd ? ({ ...options, fileType: 'image' } as typeof options) : options);
  task.progress?.((state) => onProgress(state.progress));
  let sent: { statusCode: number; data: string };
  try {
    sent = await task;
  } catch {
    throw offlineError();
  }
  // DingTalk may give the status as text.
  return answer(Number(sent.statusCode), sent.data);
}

/** Uploads one file; `onProgress` hears percent. The file belongs to its uploader until a record names it. */
export function uploadFile(file: LocalFile, onProgress: (percent: number) => void = () => undefined): Promise<FileRef> {
  return isH5 ? uploadOnH5(file, onProgress) : uploadInMiniProgram(file, onProgress);
}

/** Where a stored file is shown or fetched from. */
export function fileUrl(id: string): string {
  return `${server}${routes['files.get'][1].replace(':id', id)}`;
}

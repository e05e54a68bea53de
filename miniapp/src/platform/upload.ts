import { ApiError } from '@lianke/shared/api/client';
import { routes } from '@lianke/shared/api/routes';
import type { Problem } from '@lianke/shared/errors/problem';
import Taro from '@tarojs/taro';
import type { FileRef } from '../data/record-types.js';
import { t } from '../i18n/index.js';
import { isDd, isH5 } from './host.js';
import { whyUnreadable } from './kept-files.js';
import type { LocalFile } from './pick-files.js';
import { answerInFailure, commonHeaders, offlineError, parsed, server } from './transport.js';

const path = routes['files.upload'][1];
/** So long without a sign of progress, ms, is no answer. */
const silence = 20_000;

function answer(status: number, body: unknown): FileRef {
  const json = typeof body === 'string' ? parsed(body) : body;
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
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), silence);
    };
    request.upload.onprogress = (event) => {
      alive();
      onProgress(Math.round((event.loaded / (event.total || 1)) * 100));
    };
    request.onerror = () => reject(offlineError());
    request.onabort = () => reject(offlineError());
    request.onloadend = () => clearTimeout(timer);
    request.onload = () => {
      try {
        resolve(answer(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    alive();
    request.send(form);
  });
}

/** The phone does not have the file any more: no network will bring it. */
function goneError(): ApiError {
  return new ApiError(410, { type: 'about:blank', title: t('file.gone'), status: 410, code: 'not_found' });
}

const goneWords = /not exist|no such file|not found|ENOENT|不存在/i;

function messageIn(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error ?? '');
  return ['errMsg', 'errorMessage', 'message'].map((name) => String(Reflect.get(error, name) ?? '')).join(' ');
}

async function uploadInMiniProgram(file: LocalFile, onProgress: (percent: number) => void): Promise<FileRef> {
  const options = {
    ...{ url: server + path, filePath: file.path, name: 'file', header: commonHeaders() },
    timeout: silence,
  };
  // DingTalk wants to know the kind of file; others ignore it.
  const task = Taro.uploadFile(isDd ? ({ ...options, fileType: 'image' } as typeof options) : options);
  task.progress?.((state) => onProgress(state.progress));
  let sent: { statusCode: number; data: string };
  try {
    sent = await task;
  } catch (error) {
    const refused = answerInFailure(error);
    if (refused) return answer(refused.status, refused.json);
    if (goneWords.test(`${messageIn(error)} ${messageIn(await whyUnreadable(file.path))}`)) throw goneError();
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

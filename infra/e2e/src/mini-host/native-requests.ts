import type { MiniPhone } from './phone.js';
import type { Platform } from './platform.js';

export interface Upload {
  /** Name of the form's field. */
  field: string;
  fileName: string;
  bytes: Buffer;
}
export interface FakeRequest {
  method: string;
  url: string;
  body: unknown;
  headers: Record<string, string>;
  /** The file of `uploadFile`. */
  upload?: Upload;
}
export interface BackendAnswer {
  status: number;
  json: unknown;
}
/** Answers a request; thrown errors mean that no answer came. */
export type Backend = (request: FakeRequest) => BackendAnswer | Promise<BackendAnswer>;

export interface Callbacks {
  success?(answer: unknown): void;
  fail?(error: unknown): void;
  complete?(answer: unknown): void;
}
type Headers = Record<string, string>;
type RequestOptions = Callbacks & { url: string; method?: string; data?: unknown; header?: Headers; headers?: Headers };
type UploadOptions = Callbacks & {
  url: string;
  filePath: string;
  header?: Headers;
  /** WeChat's name of the form's field. */
  name?: string;
  /** DingTalk's name of the form's field. */
  fileName?: string;
  /** DingTalk refuses uploads without it. */
  fileType?: string;
};

function parseBody(data: unknown): unknown {
  if (typeof data !== 'string' || data === '') return data ?? null;
  return JSON.parse(data) as unknown;
}

function lowerCase(...headers: (Headers | undefined)[]): Headers {
  return Object.fromEntries(
    headers.flatMap((each) => Object.entries(each ?? {})).map(([key, value]) => [key.toLowerCase(), value]),
  );
}

/** The hosts' functions that reach the network, each with its platform's own answers. */
export function nativeRequests(platform: Platform, backend: Backend, phone: MiniPhone) {
  const ask = async (request: FakeRequest): Promise<BackendAnswer> => {
    await new Promise((go) => setTimeout(go, 0));
    if (!phone.online) throw new Error('no network');
    return backend(request);
  };
  const silence = (options: Callbacks) => (error: unknown) =>
    options.fail?.({ error: 12, errorMessage: String(error), errMsg: `fail ${String(error)}` });

  return {
    /** DingTalk fails outside of 2xx, WeChat never does. */
    request(options: RequestOptions) {
      const answered = ({ status, json }: BackendAnswer) => {
        if (platform.key === 'weapp') return options.success?.({ statusCode: status, data: json, header: {} });
        const answer = { status, data: json, headers: {} };
        if (status >= 300) options.fail?.({ ...answer, error: 19 });
        else options.success?.(answer);
      };
      ask({
        method: options.method ?? 'GET',
        url: options.url,
        body: parseBody(options.data),
        headers: lowerCase(options.header, options.headers),
      }).then(answered, silence(options));
      return { abort() {} };
    },

    /** Both platforms answer the body as text, whatever the status; only WeChat hands out a task. */
    uploadFile(options: UploadOptions) {
      const bytes = phone.files.get(options.filePath);
      const field = platform.key === 'weapp' ? options.name : options.fileName;
      if (!bytes || !field || (platform.key === 'dd' && !options.fileType)) {
        setTimeout(() => options.fail?.({ error: 2, errMsg: 'uploadFile:fail parameter error' }), 0);
        return undefined;
      }
      const fileName = options.filePath.split('/').pop() ?? 'file';
      ask({
        method: 'POST',
        url: options.url,
        body: null,
        headers: lowerCase(options.header),
        upload: { field, fileName, bytes },
      }).then(({ status, json }) => {
        // DingTalk's own typings say text.
        const statusCode = platform.key === 'weapp' ? status : String(status);
        options.success?.({ statusCode, data: JSON.stringify(json), header: {} });
      }, silence(options));
      return platform.key === 'weapp' ? { onProgressUpdate() {}, abort() {} } : undefined;
    },
  };
}

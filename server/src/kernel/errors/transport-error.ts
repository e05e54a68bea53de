import type { Words } from '@lianke/shared/errors/issue-text';

const noJson: Words = { zh: '请求内容不是正确的 JSON', en: 'the body is no valid JSON' };
const tooLarge: Words = { zh: '请求内容太大', en: 'the body is too large' };
const notAccepted: Words = {
  zh: '不接受这种 Content-Type，应为 application/json',
  en: 'this Content-Type is not accepted, expected application/json',
};
const tooMany: Words = { zh: '一次上传的内容太多', en: 'too much is sent at a time' };

/** What the HTTP server itself refuses, by what it says: the framework hands on the words and the status, not the code. */
const texts: readonly (readonly [RegExp, Words])[] = [
  [/not valid JSON|in JSON at|JSON input/i, noJson],
  [
    /Body cannot be empty/i,
    {
      zh: '请求内容是空的；没有内容时请不要带 Content-Type: application/json',
      en: 'the body is empty; leave Content-Type: application/json out where there is none',
    },
  ],
  [/not multipart/i, { zh: '上传文件要用 multipart/form-data', en: 'files are sent as multipart/form-data' }],
  [/Unsupported Media Type/i, notAccepted],
  [
    /did not match Content-Length/i,
    { zh: '请求内容的长度与 Content-Length 不符', en: 'the body is not as long as Content-Length says' },
  ],
  [/file too large/i, { zh: '文件太大', en: 'the file is too large' }],
  [/body is too large/i, tooLarge],
  [/reach (files|parts|fields) limit/i, tooMany],
  [
    /not a valid url component|URI malformed/i,
    { zh: '地址不对，含有不能解码的字符', en: 'the address holds characters that cannot be decoded' },
  ],
];

/** Words for an error of the HTTP server, by what it says or else its status. */
export function transportWords(error: unknown, status: number): Words {
  const said = error instanceof Error ? error.message : '';
  const known = texts.find(([pattern]) => pattern.test(said));
  if (known) return known[1];
  if (status === 413) return tooLarge;
  if (status === 415) return notAccepted;
  return { zh: `不能处理这个请求（${status} ${said}）`, en: `the request cannot be handled (${status} ${said})` };
}

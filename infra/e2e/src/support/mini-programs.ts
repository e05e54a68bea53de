import type { Backend } from '../mini-host/native-requests.js';
import { system } from './environment.js';
import { mineCorp, mineDingCorp, sandbox } from './stage.js';

/** Sends a mini-program's requests to the system under test, whatever address was built into it. */
export const toSystem: Backend = async ({ method, url, body, headers, upload }) => {
  const { pathname, search } = new URL(url);
  const { 'content-type': type, ...others } = headers;
  const init = upload
    ? { headers: others, body: formOf(upload) }
    : {
        headers: { ...others, ...(type ? { 'content-type': type } : {}) },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      };
  const answer = await fetch(`${system.consoleUrl}${pathname}${search}`, { method, ...init });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? null : (JSON.parse(text) as unknown) };
};

function formOf({ field, fileName, bytes }: { field: string; fileName: string; bytes: Buffer }): FormData {
  const form = new FormData();
  const type = fileName.endsWith('.png') ? 'image/png' : 'image/jpeg';
  form.append(field, new Blob([new Uint8Array(bytes)], { type }), fileName);
  return form;
}

/** A fresh code of the platform for one of 我的企业's people, as the chat app hands it to a mini-program. */
export async function miniProgramCode(platform: 'weapp' | 'dd', userid: string): Promise<string> {
  const [path, body] =
    platform === 'weapp'
      ? [`corps/${mineCorp}/codes`, { kind: 'mini', userid, agentId: 1000002 }]
      : [`dingtalk/apps/${mineDingCorp}app/codes`, { kind: 'client', userid }];
  return ((await sandbox('POST', path, body)) as { code: string }).code;
}

import { type Answer, type Bench, bench } from './support.js';

export const DING_CORP = 'dingdemo0000000001';
export const DING_KEY = 'dingdemo0000000001app';
export const DING_SECRET = 'sandbox-ding-secret-demo';
export const TEMPLATE = 'lianke-approval.schema';

export interface DingBench extends Bench {
  /** Calls the older interface as the demo app. */
  oapi(path: string, body?: unknown, token?: string): Promise<Answer>;
  /** Calls the newer interface as the demo app; `token` null leaves the header out. */
  acs(
    method: string,
    path: string,
    body?: unknown,
    token?: string | null,
  ): Promise<{ status: number; json: Record<string, unknown> }>;
  dingToken(): Promise<string>;
  ding(method: string, path: string, body?: unknown): Promise<{ status: number; json: Answer }>;
}

/** A sandbox with helpers for its DingTalk side. */
export async function dingBench(options: Parameters<typeof bench>[0] = {}): Promise<DingBench> {
  const sandbox = await bench(options);
  const dingToken = async (): Promise<string> => {
    const answer = await fetch(`${sandbox.url}/gettoken?appkey=${DING_KEY}&appsecret=${DING_SECRET}`);
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  return {
    ...sandbox,
    dingToken,
    async oapi(path, body, token) {
      const search = new URLSearchParams({ access_token: token ?? (await dingToken()) });
      const answer = await fetch(`${sandbox.url}/${path}?${search}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return (await answer.json()) as Answer;
    },
    async acs(method, path, body, token) {
      const used = token === undefined ? await dingToken() : token;
      const answer = await fetch(`${sandbox.url}/v1.0/${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(used === null ? {} : { 'x-acs-dingtalk-access-token': used }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    },
    ding: (method, path, body) => sandbox.api(method, `dingtalk/${path}`, body),
  };
}

/** A card to one person's chat with the robot. */
export function cardFor(outTrackId: string, userid: string, more: Record<string, unknown> = {}) {
  return {
    cardTemplateId: TEMPLATE,
    outTrackId,
    callbackType: 'STREAM',
    cardData: { cardParamMap: { title: '合同审批', status: 'pending' } },
    openSpaceId: `dtv1.card//IM_ROBOT.${userid}`,
    imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: DING_KEY },
    userIdType: 1,
    ...more,
  };
}

import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Sandbox } from '../sandbox.js';
import { type App, type Corp, findCorp } from '../wecom/world.js';

/** A refusal of the scripting API, with a sentence that says what to mend. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

function issues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || '请求'}：${issue.message}`).join('；');
}

/** The JSON body by a schema; an empty body counts as `{}`. */
export function readBody<T extends z.ZodType>(request: FastifyRequest, schema: T): z.output<T> {
  const raw = typeof request.body === 'string' && request.body.trim() !== '' ? request.body : '{}';
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new ApiError(400, 'not_json', '请求正文不是合法的 JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiError(400, 'invalid', issues(parsed.error));
  return parsed.data;
}

/** The query by a schema. */
export function readQuery<T extends z.ZodType>(request: FastifyRequest, schema: T): z.output<T> {
  const parsed = schema.safeParse(request.query);
  if (!parsed.success) throw new ApiError(400, 'invalid', issues(parsed.error));
  return parsed.data;
}

export function needCorp(sandbox: Sandbox, corpId: string): Corp {
  const corp = findCorp(sandbox.wecom.world, corpId);
  if (!corp) {
    const known = [...sandbox.wecom.world.corps.values()].map((each) => each.corpId).join('、');
    throw new ApiError(404, 'no_corp', `没有企业 ${corpId}，现有：${known}`);
  }
  return corp;
}

/** An app by agent id; `contacts` names the contact-sync assistant. */
export function needApp(corp: Corp, agentId: string | number): App {
  const app = corp.apps.get(agentId === 'contacts' ? 0 : Number(agentId));
  if (!app)
    throw new ApiError(
      404,
      'no_app',
      `企业「${corp.name}」没有应用 ${agentId}，现有：${[...corp.apps.keys()].join('、')}`,
    );
  return app;
}

/** Throws when nobody of this userid is in any company. */
export function needPerson(sandbox: Sandbox, userid: string): void {
  for (const corp of sandbox.wecom.world.corps.values()) if (corp.members.has(userid.toLowerCase())) return;
  throw new ApiError(404, 'no_person', `没有 userid 为「${userid}」的人`);
}

import { randomToken } from '../core/random.js';
import type { DingContext } from './context.js';
import { NewApiError } from './errors.js';
import { type DingApp, type DingCorp, memberByUnionId, type Todo } from './world.js';

type Body = Record<string, unknown>;

const refused = (call: string, message: string): NewApiError =>
  new NewApiError(400, `todo.${call}.paramError`, message);

function people(
  context: DingContext,
  corp: DingCorp,
  app: DingApp,
  value: unknown,
  call: string,
  name: string,
): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw refused(call, `${name} is invalid`);
  if (value.length > context.switches.todoPeople)
    throw refused(call, `${name === 'executorIds' ? 'executors' : 'participants'} is oversize`);
  const ids = value.map(String);
  const stranger = ids.find((id) => !memberByUnionId(corp, app, id));
  if (stranger !== undefined) throw refused(call, `${name} is invalid: ${stranger}`);
  return ids;
}

function subject(value: unknown, call: string): string {
  if (typeof value !== 'string' || value === '') throw refused(call, 'subject is blank');
  if (value.length > 1024) throw refused(call, 'subject is oversize');
  return value;
}

function description(value: unknown, call: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw refused(call, 'description is invalid');
  if (value.length > 4096) throw refused(call, 'description is oversize');
  return value;
}

/** Where a to-do leads: one address at least (required since 2024-02-01), each of at most 1,024 bytes. */
function addresses(value: unknown, call: string): Todo['detailUrl'] {
  const { appUrl, pcUrl } = (value ?? {}) as { appUrl?: unknown; pcUrl?: unknown };
  const given = [appUrl, pcUrl].filter((each) => each !== undefined && each !== null && each !== '');
  if (given.length === 0) throw refused(call, 'detailUrl is blank');
  if (given.some((each) => typeof each !== 'string' || Buffer.byteLength(each) > 1024))
    throw refused(call, 'detailUrl is oversize');
  return value as Todo['detailUrl'];
}

function dueTime(value: unknown, call: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw refused(call, 'dueTime is invalid');
  return value;
}

function needPerson(corp: DingCorp, app: DingApp, unionId: string | undefined, call: string): void {
  if (!unionId || !memberByUnionId(corp, app, unionId)) throw refused(call, 'unionId is invalid');
}

/** Changes are made in somebody's name: who is named must be there. */
export function needOperator(
  corp: DingCorp,
  app: DingApp,
  unionId: string,
  operatorId: string | undefined,
  call: 'taskUpdate' | 'taskDelete',
): void {
  needPerson(corp, app, unionId, call);
  if (operatorId !== undefined) needPerson(corp, app, operatorId, call);
}

/** `POST /v1.0/todo/users/{unionId}/tasks`: `sourceId` is the caller's own key; used a second time it is refused. */
export function createTodo(
  context: DingContext,
  corp: DingCorp,
  app: DingApp,
  unionId: string,
  operatorId: string | undefined,
  body: Body,
): Body {
  const call = 'taskCreate';
  needPerson(corp, app, unionId, call);
  needPerson(corp, app, operatorId, call);
  const sourceId = typeof body.sourceId === 'string' && body.sourceId !== '' ? body.sourceId : null;
  if (
    sourceId &&
    [...context.world.todos.values()].some((todo) => todo.appKey === app.appKey && todo.sourceId === sourceId)
  )
    throw refused(call, 'task exist');
  const detailUrl = addresses(body.detailUrl, call);
  if (body.priority !== undefined && ![10, 20, 30, 40].includes(Number(body.priority)))
    throw refused(call, 'priority is invalid');
  const now = context.clock.now();
  const todo: Todo = {
    id: `task${randomToken(context.random, 18)}`,
    appKey: app.appKey,
    sourceId: sourceId ?? randomToken(context.random, 12),
    subject: subject(body.subject, call),
    description: description(body.description, call),
    creatorId: typeof body.creatorId === 'string' ? body.creatorId : unionId,
    executorIds: people(context, corp, app, body.executorIds, call, 'executorIds'),
    participantIds: people(context, corp, app, body.participantIds, call, 'participantIds'),
    detailUrl,
    dueTime: dueTime(body.dueTime, call),
    done: false,
    doneBy: [],
    createdTime: now,
    modifiedTime: now,
  };
  context.world.todos.set(todo.id, todo);
  context.recorder.add({
    at: now,
    kind: 'send',
    corpId: corp.corpId,
    agentId: app.agentId,
    headerKey: sourceId,
    taskId: todo.sourceId,
    msgid: todo.id,
    errcode: 0,
    delivered: todo.executorIds,
    suppressed: null,
    raw: JSON.stringify(body),
  });
  context.hub.emit({ kind: 'message', corpId: corp.corpId, userids: [] });
  return {
    id: todo.id,
    subject: todo.subject,
    description: todo.description,
    executorIds: todo.executorIds,
    participantIds: todo.participantIds,
    done: false,
    source: `isv_${app.appKey}`,
    sourceId: todo.sourceId,
    createdTime: todo.createdTime,
    modifiedTime: todo.modifiedTime,
    bizTag: 'teambition',
    requestId: randomToken(context.random, 9),
  };
}

const PAGE = 20;

/** `POST …/org/tasks/query`: a person's to-dos, newest first, a page a call. */
export function queryTodos(context: DingContext, corp: DingCorp, app: DingApp, unionId: string, body: Body): Body {
  needPerson(corp, app, unionId, 'taskQuery');
  const start = Number(body.nextToken ?? 0);
  const own = [...context.world.todos.values()]
    .filter((todo) => todo.appKey === app.appKey && todo.executorIds.includes(unionId))
    .filter((todo) => typeof body.isDone !== 'boolean' || todo.done === body.isDone)
    .sort((a, b) => b.createdTime - a.createdTime);
  return {
    ...(start + PAGE < own.length ? { nextToken: String(start + PAGE) } : {}),
    todoCards: own.slice(start, start + PAGE).map((todo) => ({
      taskId: todo.id,
      subject: todo.subject,
      sourceId: todo.sourceId,
      creatorId: todo.creatorId,
      isDone: todo.done,
      createdTime: todo.createdTime,
      modifiedTime: todo.modifiedTime,
    })),
  };
}

function needTodo(context: DingContext, app: DingApp, id: string, call: string): Todo {
  const todo = context.world.todos.get(id);
  if (!todo) throw refused(call, 'task not exist');
  if (todo.appKey !== app.appKey) throw refused(call, 'task not belong to bizTag');
  return todo;
}

/** `PUT …/tasks/{taskId}`. */
export function updateTodo(context: DingContext, corp: DingCorp, app: DingApp, id: string, body: Body): Body {
  const call = 'taskUpdate';
  const todo = needTodo(context, app, id, call);
  if (body.subject !== undefined) todo.subject = subject(body.subject, call);
  if (body.dueTime !== undefined) todo.dueTime = dueTime(body.dueTime, call);
  if (body.description !== undefined) todo.description = description(body.description, call);
  if (body.executorIds !== undefined)
    todo.executorIds = people(context, corp, app, body.executorIds, call, 'executorIds');
  if (body.participantIds !== undefined)
    todo.participantIds = people(context, corp, app, body.participantIds, call, 'participantIds');
  if (typeof body.done === 'boolean') todo.done = body.done;
  todo.modifiedTime = context.clock.now();
  context.hub.emit({ kind: 'card', corpId: corp.corpId, userids: [] });
  return { result: true };
}

/** `PUT …/tasks/{taskId}/executorStatus`: the task is done once every executor is. */
export function updateExecutors(context: DingContext, app: DingApp, id: string, body: Body): Body {
  const call = 'taskExecutorStatusUpdate';
  const todo = needTodo(context, app, id, call);
  const changes = Array.isArray(body.executorStatusList) ? body.executorStatusList : [];
  for (const change of changes as { id?: unknown; isDone?: unknown }[]) {
    if (typeof change.id !== 'string' || !todo.executorIds.includes(change.id))
      throw refused(call, 'executor is invalid');
    todo.doneBy = todo.doneBy.filter((each) => each !== change.id);
    if (change.isDone === true) todo.doneBy.push(change.id);
  }
  todo.done = todo.executorIds.length > 0 && todo.executorIds.every((each) => todo.doneBy.includes(each));
  todo.modifiedTime = context.clock.now();
  return { result: true };
}

/** `DELETE …/tasks/{taskId}`. */
export function deleteTodo(context: DingContext, app: DingApp, id: string): Body {
  context.world.todos.delete(needTodo(context, app, id, 'taskDelete').id);
  return { result: true, requestId: randomToken(context.random, 9) };
}

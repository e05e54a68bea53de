import { createHash } from 'node:crypto';
import type { DingContext } from './context.js';
import { OapiError } from './errors.js';
import { checkNotice, object } from './notice-rules.js';
import { unpublished } from './setup.js';
import { corpOf, type DingApp, type DingCorp, dingDepartmentTree, findDingApp, mayUse, type Notice } from './world.js';

type Body = Record<string, unknown>;

const DAY_MS = 86_400_000;
/** `status_bar` can be changed for seven days, a notice recalled and its result asked for 24 hours. */
const BAR_LIFE_MS = 7 * DAY_MS;

const isObject = (value: unknown): value is Body =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const list = (value: unknown): string[] =>
  value === undefined || value === null || value === ''
    ? []
    : String(value)
        .split(',')
        .map((each) => each.trim());

function needAgent(app: DingApp, value: unknown): void {
  if (Number(value) !== app.agentId) throw new OapiError(40056, String(value ?? ''));
}

/**
 * `topapi/message/corpconversation/asyncsend_v2`. Rules that hold a notice back from a person (the same text on one day,
 * the daily cap) do not make the call fail: the person gets nothing, `getsendresult` tells why.
 */
export function sendNotice(
  context: DingContext,
  corp: DingCorp,
  app: DingApp,
  body: Body,
  raw: string,
  by: 'words' | 'template' = 'words',
): { task_id: number } {
  needAgent(app, body.agent_id);
  // Apps of the directory made since 2020-11-27 send by templates only (B7).
  if (app.suite && by === 'words') throw new OapiError(60011, '[sendbytemplate]');
  const msg = object(body.msg, 'msg');
  checkNotice(msg);
  const userids = list(body.userid_list);
  const departments = list(body.dept_id_list).map(Number);
  const all = body.to_all_user === true || body.to_all_user === 'true';
  if (userids.length > 100) throw new OapiError(400002, 'userid_list 最多 100 个');
  if (departments.length > 20) throw new OapiError(400002, 'dept_id_list 最多 20 个');
  if (userids.length === 0 && departments.length === 0 && !all) throw new OapiError(400002, '没有接收者');
  const bar = msg.msgtype === 'oa' ? object(msg.oa, 'oa').status_bar : undefined;
  if (bar !== undefined && (userids.length > 5 || departments.length > 0 || all))
    throw new OapiError(41052, 'status_bar 只能用于不超过 5 个人');
  const within = new Set(departments.flatMap((id) => dingDepartmentTree(corp, id)));
  const asked = new Set(userids);
  for (const member of corp.members.values())
    if (all || member.departments.some((id) => within.has(id))) asked.add(member.userid);
  const notice: Notice = {
    taskId: context.world.nextTaskId++,
    appKey: app.appKey,
    at: context.clock.now(),
    msg,
    asked: [...asked],
    due: context.clock.now() + context.switches.noticeDelayMs,
    delivered: [],
    forbidden: [],
    invalid: [],
    read: [],
    recalled: false,
    statusBar: isObject(bar) ? { value: String(bar.status_value ?? ''), bg: String(bar.status_bg ?? '') } : null,
    raw,
  };
  context.world.notices.set(notice.taskId, notice);
  const { noticeDelayMs } = context.switches;
  if (noticeDelayMs > 0) void context.wait(noticeDelayMs).then(() => deliverDue(context));
  deliverDue(context);
  return { task_id: notice.taskId };
}

/** Gives people the notices whose way is over. */
export function deliverDue(context: DingContext): void {
  for (const notice of context.world.notices.values()) {
    if (notice.due === null || notice.due > context.clock.now()) continue;
    notice.due = null;
    const app = findDingApp(context.world, notice.appKey);
    if (app) arrive(context, corpOf(context.world, app), app, notice);
  }
}

function arrive(context: DingContext, corp: DingCorp, app: DingApp, notice: Notice): void {
  for (const userid of notice.asked) deliver(context, corp, app, notice, userid);
  context.recorder.add({
    at: notice.at,
    kind: 'send',
    corpId: corp.corpId,
    agentId: app.agentId,
    headerKey: null,
    taskId: null,
    msgid: String(notice.taskId),
    errcode: 0,
    delivered: notice.delivered,
    suppressed:
      notice.delivered.length === 0 && notice.forbidden.some((each) => /^143[12]06$/.test(each.code))
        ? 'duplicate'
        : null,
    raw: notice.raw,
  });
  if (notice.delivered.length > 0)
    context.journal.add({
      kind: 'message-sent',
      corpId: corp.corpId,
      userids: notice.delivered,
      msgid: String(notice.taskId),
      interactive: false,
    });
  context.hub.emit({ kind: 'message', corpId: corp.corpId, userids: notice.delivered });
}

/** `topapi/message/corpconversation/sendbytemplate`: the template's words around `data`, of the app's own directory entry. */
export function sendByTemplate(
  context: DingContext,
  corp: DingCorp,
  app: DingApp,
  body: Body,
  raw: string,
): { task_id: number } {
  const known = context.world.suites.get(app.suite?.suiteKey ?? '')?.noticeTemplates ?? [];
  if (!known.includes(String(body.template_id))) throw new OapiError(400002, `没有模板 ${String(body.template_id)}`);
  const { title, content, url } = object(body.data ?? '{}', 'data');
  const msg = {
    msgtype: 'action_card',
    action_card: {
      title: String(title ?? ''),
      markdown: `### ${String(title ?? '')}\n${String(content ?? '')}`,
      single_title: '查看详情',
      single_url: String(url ?? context.publicUrl),
    },
  };
  return sendNotice(context, corp, app, { ...body, msg }, raw, 'template');
}

function deliver(context: DingContext, corp: DingCorp, app: DingApp, notice: Notice, userid: string): void {
  const { world, clock, switches } = context;
  const member = corp.members.get(userid);
  if (!member) {
    notice.invalid.push(userid);
    return;
  }
  if (!mayUse(corp, app, member) || (unpublished(context, app) && member.userid !== 'admin')) {
    notice.invalid.push(userid);
    return;
  }
  if (switches.noticeForbidden !== null) {
    notice.forbidden.push({ code: switches.noticeForbidden, userid });
    return;
  }
  const now = clock.now();
  const hash = createHash('sha256').update(JSON.stringify(notice.msg)).digest('hex');
  const same = `${app.appKey}/${userid}/${hash}`;
  if ((world.sameText.get(same) ?? 0) > now) {
    notice.forbidden.push({ code: app.suite ? '143206' : '143106', userid });
    return;
  }
  const key = `${app.appKey}/${userid}`;
  const today = (world.sentTo.get(key) ?? []).filter((at) => at > now - DAY_MS);
  if (today.length >= (app.suite ? switches.suiteNoticesPerDay : switches.noticesPerDay)) {
    notice.forbidden.push({ code: app.suite ? '143205' : '143105', userid });
    return;
  }
  world.sentTo.set(key, [...today, now]);
  world.sameText.set(same, now + DAY_MS);
  notice.delivered.push(userid);
}

function needNotice(context: DingContext, app: DingApp, taskId: unknown, life: number, wrong = 400002): Notice {
  deliverDue(context);
  const notice = context.world.notices.get(Number(taskId));
  if (!notice || notice.appKey !== app.appKey || notice.at < context.clock.now() - life)
    throw new OapiError(wrong, 'task_id');
  return notice;
}

/** The calls around a notice: recall, progress, result, status bar. Each answers what stands beside `errcode`. */
export const noticeCalls: Record<string, (context: DingContext, app: DingApp, body: Body) => Body> = {
  'topapi/message/corpconversation/recall': (context, app, body) => {
    needAgent(app, body.agent_id);
    const notice = needNotice(context, app, body.msg_task_id, DAY_MS);
    if (notice.recalled && context.switches.recallAgain === 'refused') throw new OapiError(400002, 'msg_task_id');
    notice.recalled = true;
    context.hub.emit({ kind: 'card', corpId: app.corpId, userids: notice.delivered });
    return {};
  },
  'topapi/message/corpconversation/getsendprogress': (context, app, body) => {
    needAgent(app, body.agent_id);
    const life = context.switches.progressLife === 'day' ? DAY_MS : BAR_LIFE_MS;
    const { due } = needNotice(context, app, body.task_id, life);
    return { progress: due === null ? { progress_in_percent: 100, status: 2 } : { progress_in_percent: 0, status: 1 } };
  },
  'topapi/message/corpconversation/getsendresult': (context, app, body) => {
    needAgent(app, body.agent_id);
    const notice = needNotice(context, app, body.task_id, DAY_MS);
    if (notice.asked.length > 100) throw new OapiError(41052);
    return {
      send_result: {
        invalid_user_id_list: notice.invalid,
        forbidden_user_id_list: notice.forbidden.map((each) => each.userid),
        failed_user_id_list: [],
        read_user_id_list: notice.read,
        unread_user_id_list: notice.delivered.filter((each) => !notice.read.includes(each)),
        invalid_dept_id_list: [],
        forbidden_list: notice.forbidden.map((each) => ({ ...each, count: 1 })),
      },
    };
  },
  'topapi/message/corpconversation/status_bar/update': (context, app, body) => {
    needAgent(app, body.agent_id);
    const notice = needNotice(context, app, body.task_id, BAR_LIFE_MS, 40035);
    if (notice.due !== null) throw new OapiError(41052);
    if (typeof body.status_value !== 'string' || body.status_value === '')
      throw new OapiError(40035, '缺少 status_value');
    if (!notice.statusBar) throw new OapiError(40035, '这条消息没有 status_bar');
    notice.statusBar = { value: String(body.status_value ?? ''), bg: String(body.status_bg ?? '') };
    context.hub.emit({ kind: 'card', corpId: app.corpId, userids: notice.delivered });
    return {};
  },
};

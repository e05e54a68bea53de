import { randomToken } from '../core/random.js';
import type { DingContext } from './context.js';
import { NewApiError } from './errors.js';
import { robotMessage } from './robot-rules.js';
import { type DingApp, type DingCorp, robotCodeOf } from './world.js';

type Body = Record<string, unknown>;

const DAY_MS = 86_400_000;

function needRobot(app: DingApp, body: Body): void {
  if (body.robotCode !== robotCodeOf(app))
    throw new NewApiError(400, 'invalidParameter.robotCode.invalid', 'robotCode 不是这个应用的机器人');
}

/** `POST /v1.0/robot/oToMessages/batchSend`: at most so many people a call; strangers are listed, not refused. */
export function robotSend(context: DingContext, corp: DingCorp, app: DingApp, body: Body): Body {
  needRobot(app, body);
  const userIds = Array.isArray(body.userIds) ? body.userIds.map(String) : [];
  const { robotPeople } = context.switches;
  if (userIds.length === 0 || userIds.length > robotPeople)
    throw new NewApiError(400, 'invalidParameter.userIds.invalid', `userIds 须有 1 到 ${robotPeople} 个`);
  const { msgKey, msgParam } = robotMessage(body.msgKey, body.msgParam);
  const key = randomToken(context.random, 18);
  const held = context.switches.robotFlowControlled;
  const known = userIds.filter((userid) => !held && corp.members.has(userid));
  context.world.robotMessages.set(key, {
    key,
    appKey: app.appKey,
    at: context.clock.now(),
    userIds: known,
    msgKey,
    msgParam,
    recalled: false,
  });
  context.hub.emit({ kind: 'message', corpId: corp.corpId, userids: known });
  return {
    processQueryKey: key,
    invalidStaffIdList: userIds.filter((userid) => !corp.members.has(userid)),
    flowControlledStaffIdList: held ? userIds.filter((userid) => corp.members.has(userid)) : [],
  };
}

/** `POST /v1.0/robot/otoMessages/batchRecall` within 24 hours. */
export function robotRecall(context: DingContext, app: DingApp, body: Body): Body {
  needRobot(app, body);
  const keys = Array.isArray(body.processQueryKeys) ? body.processQueryKeys.map(String) : [];
  if (keys.length === 0 || keys.length > 20)
    throw new NewApiError(400, 'invalidParameter.processQueryKeys.invalid', 'processQueryKeys 须有 1 到 20 个');
  const successResult: string[] = [];
  const failedResult: Record<string, string> = {};
  for (const key of keys) {
    const message = context.world.robotMessages.get(key);
    if (!message || message.appKey !== app.appKey) failedResult[key] = '消息不存在';
    else if (message.at < context.clock.now() - DAY_MS) failedResult[key] = '超过 24 小时，不能撤回';
    else {
      message.recalled = true;
      successResult.push(key);
    }
  }
  return { successResult, failedResult };
}

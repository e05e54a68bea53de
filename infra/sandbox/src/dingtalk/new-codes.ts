import type { FaultInput } from '../core/switches.js';

const denied = 'Forbidden.AccessDenied.';

/** Codes of DingTalk's newer interface (B1, B2, B9, B10) with the HTTP status and the words that come with them. */
export const NEW_CODES = {
  invalidClientIdOrSecret: [400, '无效的clientId或者clientSecret'],
  InvalidAuthentication: [400, '不合法的access_token'],
  'AuthenticationFailed.MissingParameter': [400, '缺少 x-acs-dingtalk-access-token'],
  [`${denied}AccessTokenPermissionDenied`]: [403, '应用尚未开通所需的权限'],
  [`${denied}IpNotInWhiteList`]: [403, '访问ip不在白名单之中'],
  [`${denied}QpsLimitForAppkeyAndApi`]: [403, '应用调用该接口的频率超过限制'],
  [`${denied}QpmLimitForAppkeyAndApi`]: [403, '应用每分钟调用该接口的次数超过限制'],
  [`${denied}QpsLimitForApi`]: [403, '该接口的请求过于频繁'],
  [`${denied}QpsLimitForSuitekeyAndOrgAndApi`]: [403, '第三方应用对该企业调用该接口的频率超过限制'],
  [`${denied}ApiCountLimitForOrg`]: [403, '接口调用次数超过本月配额'],
  systemBusy: [429, '系统繁忙'],
  unknownError: [500, '未知错误'],
  'invalid.client': [401, 'client_id 或 client_secret 不对'],
  'unsupported.grant.type': [401, '不支持的 grant_type'],
  'unauthorized.client': [401, '应用没有授权'],
  invalidSuiteKey: [400, '无效的 suiteKey'],
  invalidSuiteTicket: [400, '无效的 suiteTicket'],
  invalidAuthInfo: [400, '无效的授权信息'],
  'param.outTrackIdEmpty': [400, 'outTrackId 为空'],
  'param.cardDataAndPrivateDataBothEmpty': [400, '卡片数据为空'],
  'param.cardTemplateIdInvalid': [400, '卡片模板无效'],
  'param.userIdNotExist': [400, '用户不存在'],
  'param.contentUnsafe': [400, '卡片内容不安全'],
  'param.cardNotExist': [400, '卡片不存在'],
  'param.cardAlreadyExist': [400, '卡片已存在'],
  'param.callbackUrlEmpty': [400, '回调地址为空'],
  'param.callbackRouteKeyExist': [500, '回调路由已存在'],
  'system.updateCallbackFailed': [500, '更新回调地址失败'],
  'system.busy': [500, '系统繁忙'],
  'todo.taskCreate.paramError': [400, 'subject is oversize'],
  'todo.taskCreate.lockError': [400, '获取锁失败'],
  'todo.taskCreate.flowControlError': [400, '创建待办被限流'],
  'todo.taskCreate.systemError': [500, '系统错误'],
  'todo.taskUpdate.paramError': [400, 'task not exist'],
  'todo.taskUpdate.systemError': [500, '系统错误'],
  'todo.taskExecutorStatusUpdate.paramError': [400, 'task not exist'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type NewCode = keyof typeof NEW_CODES;
export const isNewCode = (code: string): code is NewCode => Object.hasOwn(NEW_CODES, code);

/** A fault by which calls of the newer interface are answered with this code. */
export function newCodeFault(code: NewCode): FaultInput {
  const [status, message] = NEW_CODES[code];
  const body = { code, requestid: '7D5A3C0E-0000-4000-8000-000000000000', message };
  return { platform: 'dingtalk', path: 'v1.0/', effect: { kind: 'answer', status, body } };
}

import type { FaultInput } from './switches.js';

const newer = (status: number, code: string, message: string): FaultInput['effect'] => ({
  kind: 'answer',
  status,
  body: { code, requestid: '7D5A3C0E-0000-4000-8000-000000000000', message },
});
const denied = (name: string, message: string): FaultInput['effect'] =>
  newer(403, `Forbidden.AccessDenied.${name}`, message);
const code = (errcode: number): FaultInput['effect'] => ({ kind: 'errcode', errcode });

/** Failures by name, as the reference lists them (A17, B1, B13, B14): each on its own platform and calls. */
export const faultPresets = {
  'wecom.throttled': { platform: 'wecom', effect: code(45009) },
  'wecom.concurrent': { platform: 'wecom', effect: code(45033) },
  'wecom.busy': { platform: 'wecom', effect: code(-1) },
  'wecom.ip': { platform: 'wecom', effect: code(60020) },
  'wecom.disabled': { platform: 'wecom', effect: code(50003) },
  'wecom.notJson': {
    platform: 'wecom',
    effect: { kind: 'answer', status: 200, body: '<html><body>系统维护中</body></html>' },
  },
  'ding.throttled': { platform: 'dingtalk', effect: code(90018) },
  'ding.perMinute': {
    platform: 'dingtalk',
    path: 'v1.0/',
    effect: denied('QpmLimitForAppkeyAndApi', '应用每分钟调用该接口的次数超过限制'),
  },
  'ding.suiteThrottled': {
    platform: 'dingtalk',
    path: 'v1.0/',
    effect: denied('QpsLimitForSuitekeyAndOrgAndApi', '第三方应用对该企业调用该接口的频率超过限制'),
  },
  'ding.everyone': { platform: 'dingtalk', effect: code(90002) },
  'ding.quota': { platform: 'dingtalk', effect: code(90020) },
  'ding.blocked': {
    platform: 'dingtalk',
    effect: {
      kind: 'answer',
      status: 200,
      body: { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: '3f0c9a' },
    },
  },
  'ding.ip': { platform: 'dingtalk', effect: code(60020) },
  'ding.busy': { platform: 'dingtalk', effect: code(-1) },
  'ding.cardBusy': { platform: 'dingtalk', path: 'v1.0/card/', effect: newer(500, 'system.busy', '系统繁忙') },
  'ding.unsafe': {
    platform: 'dingtalk',
    path: 'v1.0/card/',
    effect: newer(400, 'param.contentUnsafe', '卡片内容不安全'),
  },
  'ding.todoLocked': {
    platform: 'dingtalk',
    path: 'v1.0/todo/',
    effect: newer(400, 'todo.taskCreate.lockError', '获取锁失败'),
  },
  'ding.todoFlow': {
    platform: 'dingtalk',
    path: 'v1.0/todo/',
    effect: newer(400, 'todo.taskCreate.flowControlError', '创建待办被限流'),
  },
  'ding.todoSystem': {
    platform: 'dingtalk',
    path: 'v1.0/todo/',
    effect: newer(500, 'todo.taskCreate.systemError', '系统错误'),
  },
} as const satisfies Record<string, FaultInput>;

export type FaultPreset = keyof typeof faultPresets;

export const isFaultPreset = (name: string): name is FaultPreset => Object.hasOwn(faultPresets, name);

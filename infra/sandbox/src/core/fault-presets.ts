import { newCodeFault } from '../dingtalk/new-codes.js';
import type { FaultInput } from './switches.js';

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
  'ding.perMinute': newCodeFault('Forbidden.AccessDenied.QpmLimitForAppkeyAndApi'),
  'ding.suiteThrottled': newCodeFault('Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi'),
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
  'ding.cardBusy': { ...newCodeFault('system.busy'), path: 'v1.0/card/' },
  'ding.unsafe': { ...newCodeFault('param.contentUnsafe'), path: 'v1.0/card/' },
  'ding.todoLocked': { ...newCodeFault('todo.taskCreate.lockError'), path: 'v1.0/todo/' },
  'ding.todoFlow': { ...newCodeFault('todo.taskCreate.flowControlError'), path: 'v1.0/todo/' },
  'ding.todoSystem': { ...newCodeFault('todo.taskCreate.systemError'), path: 'v1.0/todo/' },
} as const satisfies Record<string, FaultInput>;

export type FaultPreset = keyof typeof faultPresets;

export const isFaultPreset = (name: string): name is FaultPreset => Object.hasOwn(faultPresets, name);

import { describe, expect, it } from 'vitest';
import { NAMED_ERRORS } from '../../../../infra/sandbox/src/core/named-errors.js';
import { NEW_CODES } from '../../../../infra/sandbox/src/dingtalk/new-codes.js';
import { advisedRobotNumbers } from '../../engine/flows/outside/robot-refusals.js';
import { DingError } from './dingtalk/ding-error.js';
import { WecomError } from './wecom/wecom-error.js';

/** What a platform that nobody has words for would say. */
const raw = 'some words of the platform, hint: [1_2_3], from ip: 9.30.0.138, more info at https://…';

/** A sentence in its own language, with the number behind it, and not the platform's words. */
function faultsOf(code: number | string, { zh, en }: { zh: string; en: string }): string[] {
  return [
    ...(/\p{Script=Han}{6}/u.test(zh) ? [] : [`${code}: no Chinese sentence: ${zh}`]),
    ...(/(?:[A-Za-z’']+[ ,:;]+){4}/.test(en) ? [] : [`${code}: no English sentence: ${en}`]),
    ...(/^[\d-]+ |hint: \[/.test(zh + en) ? [`${code}: the platform’s words`] : []),
    ...([zh, en].every((words) => words.includes(String(code))) ? [] : [`${code}: without its number`]),
  ];
}

describe('every refusal that the platforms’ documents name is told in words that say how to mend it', () => {
  it('WeCom', () => {
    const faults = NAMED_ERRORS.wecom.flatMap((code) => faultsOf(code, new WecomError(code, raw).words()));
    expect(faults).toEqual([]);
  });

  it('DingTalk: both interfaces, and notices that are held back', () => {
    const codes = [...NAMED_ERRORS.dingtalk, ...NAMED_ERRORS.dingtalkNotices, 1111, ...Object.keys(NEW_CODES)];
    const words = (code: number | string) => new DingError(code, raw, ['qyapi_base']).words();
    expect(codes.flatMap((code) => faultsOf(code, words(code)))).toEqual([]);
  });

  it('group robots', () => {
    const named = [...NAMED_ERRORS.wecomRobots, ...NAMED_ERRORS.dingtalkRobots];
    expect(named.filter((code) => !advisedRobotNumbers.includes(code))).toEqual([]);
  });
});

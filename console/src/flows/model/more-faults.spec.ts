import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { Trigger } from '@lianke/shared/flows/triggers';
import { describe, expect, it } from 'vitest';
import { findFaults } from './faults.js';
import { ids, speak, tutorial } from './fixtures.js';
import { insertAt } from './graph.js';
import { newTrigger } from './new-node.js';
import { sayNode, sayTrigger } from './words.js';

const messages = (def: FlowDefinition) => findFaults(speak(def)).map((fault) => `${fault.node}: ${fault.message}`);
const chat = (more: Partial<Extract<Trigger, { type: 'chat' }>> = {}) =>
  ({ ...newTrigger('chat', ids.customers), ...more }) as Extract<Trigger, { type: 'chat' }>;

describe('a trigger of the chat', () => {
  const faults = (trigger: Trigger) =>
    messages({ ...tutorial, trigger }).filter((message) => message.startsWith('trigger'));

  it('needs a keyword for texts, none for scans, and something behind it to find a record by', () => {
    expect(faults(chat())).toEqual(['trigger: 请填写至少一个关键词']);
    expect(faults(chat({ keywords: ['Bug', 'ｂｕｇ'] }))).toEqual(['trigger: 有两个关键词相同']);
    expect(faults(chat({ on: 'scan' }))).toEqual([]);
    expect(faults(chat({ keywords: ['找'], match: 'exact', find: {} }))[0]).toContain('找不到数据');
    expect(faults(chat({ keywords: ['找'], find: { field: 'f_gone000000' } }))).toEqual([
      'trigger: 用来找数据的字段已删除，请换一个',
    ]);
  });

  it('is said in one sentence', () => {
    const say = (trigger: Trigger) => sayTrigger(speak({ ...tutorial, trigger }), trigger);
    expect(say(chat({ keywords: ['报价', '询价'] }))).toBe('当成员发来以“报价”或“询价”开头的消息时');
    expect(say(chat({ on: 'scan' }))).toBe('当成员扫码时');
    expect(say(chat({ on: 'scan', match: 'contains', keywords: ['SN'] }))).toBe('当成员扫到含“SN”的码时');
  });

  it('stands for a record only when it looks for one', () => {
    const uses = (trigger: Trigger) => messages({ ...tutorial, trigger }).filter((message) => message.startsWith('n1'));
    expect(uses(chat({ keywords: ['找'] }))).not.toEqual([]);
    expect(uses(chat({ keywords: ['找'], find: {} }))).toEqual([]);
  });
});

describe('a table of territories', () => {
  const assign = (territories: object[]): FlowNode =>
    ({
      ...{ id: 'n9', name: '', type: 'assign', target: 'trigger', field: 'owner', weights: {} },
      ...{ method: 'territory', by: ids.grade, people: [{ kind: 'starter' }], territories },
    }) as FlowNode;
  const faults = (territories: object[]) =>
    messages(insertAt(tutorial, { from: 'n1', port: 'next' }, assign(territories)));
  const row = (id: string, ...areas: string[]) => ({ id, areas, members: ['m1'], departments: [] });

  it('is told of empty rows and of areas that a row before has', () => {
    expect(faults([])).toEqual(['n9: 地区表还没有一行']);
    expect(faults([row('a', 'A'), row('b', 'B', 'A')])).toEqual(['n9: 地区表第 2 行有地区已包含在第 1 行里']);
    expect(faults([{ ...row('a'), members: [] }])).toEqual(['n9: 地区表第 1 行还没有选地区或分给谁']);
    expect(faults([row('a', 'A')])).toEqual([]);
  });

  it('is said in one sentence', () => {
    const speaker = speak(insertAt(tutorial, { from: 'n1', port: 'next' }, assign([row('a', 'A')])));
    expect(sayNode(speaker, assign([]))).toBe('按“客户分级”把【客户信息表】分给各地区的人');
  });
});

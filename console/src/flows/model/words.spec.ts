import type { FlowNode } from '@lianke/shared/flows/definition';
import { describe, expect, it } from 'vitest';
import { ids, speak, tutorial } from './fixtures.js';
import { insertAt } from './graph.js';
import { byIds } from './sources.js';
import { sayNode, sayTrigger, sourcesOf } from './words.js';

const after = (node: FlowNode) => {
  const speaker = speak(insertAt(tutorial, { from: 'n1', port: 'next' }, node));
  return sayNode(speaker, node);
};

describe('sentences', () => {
  it('says the tutorial’s flow in its own words', () => {
    const speaker = speak(tutorial);
    expect(sayTrigger(speaker, tutorial.trigger)).toBe('当【客户信息表】新增数据时');
    const [node] = tutorial.nodes;
    expect(node && sayNode(speaker, node)).toBe(
      '在【销售任务表】新增一条：任务标题 = 【新客户跟进】 + 客户信息表.客户名称，负责人 = 客户信息表.负责人，截止日期 = 当前时间的 3 天后',
    );
  });

  it('says conditions, watched fields and what is not set yet', () => {
    const speaker = speak(tutorial);
    const formId = ids.customers;
    const filter = { field: ids.grade, op: 'eq', value: 'A' } as const;
    expect(sayTrigger(speaker, { type: 'entersFilter', formId, filter })).toBe(
      '当【客户信息表】的数据满足：客户分级 等于 A',
    );
    expect(sayTrigger(speaker, { type: 'recordUpdated', formId, fields: [ids.phone], filter })).toBe(
      '当【客户信息表】的“联系电话”被修改时，且客户分级 等于 A',
    );
    expect(sayTrigger(speaker, { type: 'entersFilter', formId, filter: { and: [] } })).toContain('还没有设条件');
  });

  it('names the record an earlier step made', () => {
    const text = after({
      id: 'n2',
      name: '',
      type: 'message',
      kind: 'task',
      to: [
        { kind: 'field', ref: { source: 'n1', path: 'owner' } },
        { kind: 'managerOf', of: { kind: 'starter' }, level: 2 },
        { kind: 'role', roleId: 'r1' },
        { kind: 'member', ids: ['m1'] },
      ],
      title: { kind: 'ref', ref: { source: 'n1', path: ids.title } },
      facts: [],
      record: 'n1',
    });
    expect(text).toBe(
      '给 新增的销售任务表.负责人、发起人的第 2 级主管、角色“经理”、王芳 发消息：新增的销售任务表.任务标题',
    );
  });

  it('follows a path through a relation', () => {
    const text = after({
      id: 'n2',
      name: '',
      type: 'delay',
      wait: { kind: 'until', value: { kind: 'ref', ref: { source: 'n1', path: `${ids.customer}.createdAt` } } },
    });
    expect(text).toBe('等到 新增的销售任务表.客户.创建时间');
  });
});

describe('byIds', () => {
  it('names fields by id however the definition names them, and leaves what it does not know', () => {
    const speaker = speak(insertAt(tutorial, { from: 'n1', port: 'next' }, { id: 'n2', name: '', type: 'end' }));
    const sources = sourcesOf(speaker, 'n2');
    const path = (text: string) => byIds({ source: 'n1', path: text }, sources, speaker.forms).path;
    expect(path('k0000000006.k0000000001')).toBe(`${ids.customer}.${ids.name}`);
    expect(path(ids.title)).toBe(ids.title);
    expect(path('id')).toBe('id');
    expect(path('gone.more')).toBe('gone.more');
  });
});

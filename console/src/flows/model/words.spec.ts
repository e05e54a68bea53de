import type { FlowNode } from '@lianke/shared/flows/definition';
import { type FlowInput, inputsOf, type Trigger } from '@lianke/shared/flows/triggers';
import { describe, expect, it } from 'vitest';
import { i18n } from '../../i18n/index.js';
import { inputLabel } from './fixed-inputs.js';
import { ids, speak, tutorial } from './fixtures.js';
import { insertAt } from './graph.js';
import { newTrigger } from './new-node.js';
import { byIds } from './sources.js';
import { type Speaker, sayNode, sayTrigger, sourcesOf } from './words.js';

const after = (node: FlowNode) => {
  const speaker = speak(insertAt(tutorial, { from: 'n1', port: 'next' }, node));
  return sayNode(speaker, node);
};

describe('what a trigger brings by itself', () => {
  it('is called in the reader’s language, what an author named as he named it', () => {
    const names = (trigger: Trigger, language: 'zh' | 'en') => {
      const def = { ...tutorial, trigger };
      const speaker = { ...speak(def), language, t: i18n.getFixedT(language, 'flows') as Speaker['t'] };
      const source = sourcesOf(speaker, 'n1').find(({ id }) => id === 'input');
      return source?.form.fields.map((field) => field.name);
    };
    const text = { ...newTrigger('chat', ids.customers), on: 'text' } as Trigger;
    expect(names(text, 'zh')).toEqual(['消息全文', '关键词后的内容']);
    expect(names(text, 'en')).toEqual(['The whole message', 'What follows the keyword']);
    const inputs: FlowInput[] = [{ key: 'count', label: '数量', type: 'number', required: false }];
    expect(names({ type: 'called', formId: ids.customers, inputs }, 'en')).toEqual(['数量']);
  });

  it('has the names that formulas on the server know it by', () => {
    const t = i18n.getFixedT('zh', 'flows') as Speaker['t'];
    const own: Trigger[] = [
      { type: 'recordCreated', formId: ids.customers, perBatch: true },
      { ...newTrigger('chat', ids.customers), on: 'text' } as Trigger,
      { ...newTrigger('chat', ids.customers), on: 'scan' } as Trigger,
    ];
    for (const trigger of own)
      for (const input of inputsOf(trigger)) expect(inputLabel(t, trigger, input)).toBe(input.label);
  });
});

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

import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { FormId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { findFaults } from './faults.js';
import { ids, speak, tutorial } from './fixtures.js';
import { connect, disconnect, insertAt } from './graph.js';

const messages = (def: FlowDefinition) => findFaults(speak(def)).map((fault) => `${fault.node}: ${fault.message}`);
const first = (assignments: Extract<FlowNode, { type: 'createRecord' }>['assignments']): FlowDefinition => ({
  ...tutorial,
  nodes: [{ id: 'n1', name: '', type: 'createRecord', formId: ids.tasks, assignments }],
});

describe('findFaults', () => {
  it('finds nothing wrong with the tutorial’s flow', () => {
    expect(messages(tutorial)).toEqual([]);
  });

  it('asks for steps, a target form and required fields', () => {
    expect(messages({ ...tutorial, nodes: [], edges: [] })).toEqual(['trigger: 还没有步骤，从下面的 ＋ 添加']);
    const untargeted: FlowNode = { id: 'n1', name: '', type: 'createRecord', formId: '' as FormId, assignments: [] };
    expect(messages({ ...tutorial, nodes: [untargeted] })).toEqual(['n1: 没有选目标表单']);
    expect(messages(first([]))).toEqual(['n1: 【销售任务表】的必填字段“任务标题”没有赋值']);
  });

  it('finds values that are missing, gone, of another type or not assignable', () => {
    const title = { field: ids.title, value: { kind: 'literal', value: 'x' } } as const;
    const ref = (path: string) => ({ kind: 'ref', ref: { source: 'trigger', path } }) as const;
    expect(messages(first([{ field: ids.title, value: { kind: 'text', parts: [{ text: ' ' }] } }]))).toEqual([
      'n1: “任务标题”还没有取值',
    ]);
    expect(messages(first([title, { field: ids.due, value: ref('f_gone000000') }]))).toEqual([
      'n1: “截止日期”引用的字段已删除，或不在这一步之前',
    ]);
    expect(messages(first([title, { field: ids.due, value: ref(ids.phone) }]))).toEqual([
      'n1: “截止日期”不能取“客户信息表.联系电话”，类型不同',
    ]);
    expect(messages(first([title, { field: ids.customer, value: ref('id') }]))).toEqual([]);
    expect(messages(first([title, { field: 'createdAt', value: { kind: 'now', offset: 0, unit: 'day' } }]))).toEqual([
      'n1: “创建时间”由系统维护，不能赋值',
    ]);
  });

  it('refuses a record that only one way has made', () => {
    const branch: FlowNode = {
      id: 'b',
      name: '',
      type: 'branch',
      cases: [{ id: 'c1', name: '', filter: { field: ids.grade, op: 'eq', value: 'A' } }],
    };
    const message: FlowNode = {
      id: 'm',
      name: '',
      type: 'message',
      kind: 'notice',
      to: [{ kind: 'starter' }],
      title: { kind: 'ref', ref: { source: 'n1', path: ids.title } },
      facts: [],
      record: 'trigger',
    };
    let def = insertAt(tutorial, { from: 'trigger', port: 'next' }, branch);
    def = insertAt(def, { from: 'n1', port: 'next' }, message);
    expect(messages(def)).toEqual([]);
    expect(messages(connect(def, { from: 'b', port: 'else' }, 'm'))).toEqual([
      'm: 标题引用的字段已删除，或不在这一步之前',
    ]);
  });

  it('finds loose steps, empty conditions and nobody to ask', () => {
    expect(messages(disconnect(tutorial, { from: 'trigger', port: 'next' }))[0]).toMatch(/^n1: 没有接到流程上/);
    const branch: FlowNode = {
      id: 'b',
      name: '',
      type: 'branch',
      cases: [{ id: 'c1', name: '', filter: { and: [] } }],
    };
    expect(messages(insertAt(tutorial, { from: 'n1', port: 'next' }, branch))).toEqual(['b: “分支 1”还没有设条件']);
    const approval: FlowNode = {
      id: 'a',
      name: '',
      type: 'approval',
      approvers: [],
      mode: 'any',
      whenEmpty: 'admin',
      title: { kind: 'text', parts: [] },
      facts: [{ label: '', ref: { source: 'trigger', path: ids.name } }],
      commentOnReject: false,
    };
    expect(messages(insertAt(tutorial, { from: 'n1', port: 'next' }, approval))).toEqual([
      'a: 没有审批人',
      'a: 标题没有填',
      'a: 卡片事实缺少短名',
    ]);
  });

  it('finds ratios without a threshold and above the number of approvers', () => {
    const ratio = (atLeast?: { unit: 'percent' | 'count'; value: number }): FlowNode => ({
      id: 'a',
      name: '',
      type: 'approval',
      approvers: [{ kind: 'starter' }],
      mode: 'ratio',
      ...(atLeast ? { atLeast } : {}),
      whenEmpty: 'admin',
      title: { kind: 'literal', value: '合同' },
      facts: [],
      commentOnReject: false,
    });
    const at = { from: 'n1', port: 'next' };
    expect(messages(insertAt(tutorial, at, ratio()))).toEqual(['a: 没有填至少多少人同意']);
    // How many a role or a relation stands for is known only when it runs.
    expect(messages(insertAt(tutorial, at, ratio({ unit: 'count', value: 5 })))).toEqual([]);
  });

  it('finds bodies without steps, loops over nothing and addresses that are none', () => {
    const at = { from: 'n1', port: 'next' };
    const ways = ['a', 'b'].map((id) => ({ id, name: '' }));
    const parallel: FlowNode = { id: 'p', name: '', type: 'parallel', ways, join: 'all' };
    expect(messages(insertAt(tutorial, at, parallel))).toEqual(['p: “分支 1”里还没有步骤', 'p: “分支 2”里还没有步骤']);
    expect(messages(insertAt(tutorial, at, { id: 'l', name: '', type: 'loop', over: 'n1' }))).toEqual([
      'l: 没有选循环的数据：先在前面放一个“查找数据”',
      'l: 循环里还没有步骤',
    ]);
    const http: FlowNode = {
      id: 'h',
      name: '',
      type: 'http',
      method: 'POST',
      url: { kind: 'text', parts: [{ text: 'erp.example.com' }] },
      headers: [],
      timeoutSeconds: 10,
    };
    expect(messages(insertAt(tutorial, at, http))).toEqual(['h: 接口地址要以 http:// 或 https:// 开头']);
  });
});

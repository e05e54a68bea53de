import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, FlowId, MemberId } from '@lianke/shared/ids';
import type { TestTenant } from './engine.js';

/** Items of one deal: rounds of the loop. */
export const rounds = 50;

export interface ReferenceForms {
  appId: AppId;
  deals: FormView;
  items: FormView;
  logs: FormView;
}

/** A deal, its items (found by the deal's name), and a log that every part of the flow writes into. */
export async function referenceForms(tenant: TestTenant): Promise<ReferenceForms> {
  const appId = await tenant.app('对照流程');
  const deals = await tenant.form({
    appId,
    key: 'deal',
    name: '商机',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'total', name: '合计', type: 'number' },
      { key: 'state', name: '状态', type: 'text' },
    ],
  });
  const items = await tenant.form({
    appId,
    key: 'item',
    name: '明细',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'deal', name: '所属', type: 'text' },
      { key: 'n', name: '数量', type: 'number' },
      { key: 'done', name: '已处理', type: 'text' },
    ],
  });
  const logs = await tenant.form({
    appId,
    key: 'log',
    name: '日志',
    fields: [
      { key: 'title', name: '标题', type: 'text' },
      { key: 'deal', name: '商机', type: 'relation', config: { formId: deals.id } },
    ],
  });
  return { appId, deals, items, logs };
}

const literal = (value: string) => ({ kind: 'literal', value });
const ref = (source: string, path: string) => ({ kind: 'ref', ref: { source, path } });
const joined = (...parts: (string | [string, string])[]) => ({
  kind: 'text',
  parts: parts.map((part) => (typeof part === 'string' ? { text: part } : { ref: { source: part[0], path: part[1] } })),
});
const set = (field: string, value: unknown) => ({ field, value });

const logNode = (forms: ReferenceForms, id: string, title: unknown) => ({
  id,
  type: 'createRecord',
  formId: forms.logs.id,
  assignments: [set('title', title), set('deal', ref('trigger', 'id'))],
});

/** What the reference flow calls: two writes and a request. */
export const innerFlow = (forms: ReferenceForms, target: string): FlowDefinition =>
  flowDefinition.parse({
    trigger: { type: 'called', formId: forms.deals.id, inputs: [] },
    nodes: [
      logNode(forms, 'innerLog', joined('子流程 ', ['trigger', 'name'])),
      {
        id: 'innerCall',
        type: 'http',
        method: 'POST',
        url: literal(`${target}/inner`),
        keyHeader: 'Idempotency-Key',
        body: joined('{"inner":"', ['trigger', 'name'], '"}'),
      },
      { id: 'innerMark', type: 'updateRecord', assignments: [set('state', literal('子流程已走完'))] },
    ],
    edges: [
      { from: 'trigger', to: 'innerLog' },
      { from: 'innerLog', to: 'innerCall' },
      { from: 'innerCall', to: 'innerMark', port: 'next' },
    ],
  });

/**
 * Twenty steps of every kind: a search, a loop of fifty with two writes each, a sum, a branch, two ways at once with a
 * request, a message and an upsert, a delay, a sub-flow, an approval, writes and a deletion.
 */
export const referenceFlow = (
  forms: ReferenceForms,
  { inner, approver, target }: { inner: FlowId; approver: MemberId; target: string },
): FlowDefinition =>
  flowDefinition.parse({
    trigger: { type: 'recordCreated', formId: forms.deals.id },
    nodes: [
      {
        id: 'find',
        type: 'findRecords',
        formId: forms.items.id,
        match: [{ field: 'deal', op: 'eq', value: ref('trigger', 'name') }],
        sort: [{ field: 'n', dir: 'asc' }],
        limit: rounds,
      },
      { id: 'loop', type: 'loop', over: 'find' },
      { id: 'mark', type: 'updateRecord', target: 'loop', assignments: [set('done', literal('是'))] },
      logNode(forms, 'each', joined('明细 ', ['loop', 'name'])),
      {
        id: 'sum',
        type: 'aggregate',
        formId: forms.items.id,
        match: [{ field: 'deal', op: 'eq', value: ref('trigger', 'name') }],
        fn: 'sum',
        field: 'n',
      },
      { id: 'total', type: 'updateRecord', assignments: [set('total', ref('sum', 'value'))] },
      {
        id: 'size',
        type: 'branch',
        cases: [{ id: 'big', filter: { field: 'amount', op: 'gt', value: '50000' } }],
      },
      logNode(forms, 'bigLog', literal('大单')),
      logNode(forms, 'smallLog', literal('小单')),
      {
        id: 'both',
        type: 'parallel',
        ways: [{ id: 'a' }, { id: 'b' }],
      },
      {
        id: 'call',
        type: 'http',
        method: 'POST',
        url: literal(`${target}/outer`),
        keyHeader: 'Idempotency-Key',
        body: joined('{"deal":"', ['trigger', 'name'], '"}'),
      },
      logNode(forms, 'called', literal('已通知对方')),
      {
        id: 'tell',
        type: 'message',
        to: [{ kind: 'member', ids: [approver] }],
        title: joined('新商机 ', ['trigger', 'name']),
      },
      {
        id: 'keep',
        type: 'upsertRecord',
        formId: forms.logs.id,
        matchOn: 'title',
        assignments: [set('title', joined('汇总 ', ['trigger', 'name'])), set('deal', ref('trigger', 'id'))],
      },
      { id: 'pause', type: 'delay', wait: { kind: 'for', amount: 1, unit: 'minute' } },
      { id: 'sub', type: 'subflow', flowId: inner, wait: true },
      {
        id: 'ok',
        type: 'approval',
        approvers: [{ kind: 'member', ids: [approver] }],
        title: joined('审批 ', ['trigger', 'name']),
      },
      { id: 'done', type: 'updateRecord', assignments: [set('state', literal('已批准'))] },
      logNode(forms, 'scratch', literal('草稿')),
      { id: 'drop', type: 'deleteRecord', target: 'scratch' },
      { id: 'end', type: 'end', message: '完成' },
    ],
    edges: [
      { from: 'trigger', to: 'find' },
      { from: 'find', to: 'loop', port: 'next' },
      { from: 'loop', to: 'mark', port: 'each' },
      { from: 'mark', to: 'each' },
      { from: 'loop', to: 'sum', port: 'next' },
      { from: 'sum', to: 'total' },
      { from: 'total', to: 'size' },
      { from: 'size', to: 'bigLog', port: 'case:big' },
      { from: 'size', to: 'smallLog', port: 'else' },
      { from: 'bigLog', to: 'both' },
      { from: 'smallLog', to: 'both' },
      { from: 'both', to: 'call', port: 'way:a' },
      { from: 'call', to: 'called', port: 'next' },
      { from: 'both', to: 'tell', port: 'way:b' },
      { from: 'tell', to: 'keep' },
      { from: 'both', to: 'pause', port: 'next' },
      { from: 'pause', to: 'sub' },
      { from: 'sub', to: 'ok', port: 'next' },
      { from: 'ok', to: 'done', port: 'approved' },
      { from: 'done', to: 'scratch' },
      { from: 'scratch', to: 'drop' },
      { from: 'drop', to: 'end' },
    ],
  });

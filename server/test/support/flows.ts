import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import { Dispatcher } from '../../src/engine/flows/dispatcher.js';
import { FlowsModule } from '../../src/engine/flows/flows.module.js';
import { Runner } from '../../src/engine/flows/runner.js';
import { Notifier } from '../../src/engine/ports.js';
import { createTestEngine, type Services, type TestEngine, type TestTenant } from './engine.js';

const silent: Notifier = { enqueue: async () => undefined, update: async () => undefined };

/** The engine with flows; what they send goes to `notifier`, nowhere when absent. */
export const createFlowEngine = ({
  start,
  notifier = silent,
}: {
  start?: string;
  notifier?: Notifier;
} = {}): Promise<TestEngine> => createTestEngine(start, [FlowsModule], [{ provide: Notifier, useValue: notifier }]);

/** Does the loops' work until nothing is left. */
export async function comeToRest(services: Services): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const dispatched = await services.get(Dispatcher).work();
    const ran = await services.get(Runner).work();
    if (!dispatched && !ran) return;
  }
  throw new Error('flows do not come to rest');
}

export interface FollowUpForms {
  appId: AppId;
  customers: FormView;
  tasks: FormView;
}

/** The two forms of the tutorial's flow: 客户信息表, and 销售任务表 as a task form. */
export async function followUpForms(tenant: TestTenant): Promise<FollowUpForms> {
  const appId = await tenant.app('客户关系管理');
  const customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户信息表',
    fields: [
      { key: 'name', name: '客户名称', type: 'text' },
      { key: 'grade', name: '分级', type: 'text' },
    ],
  });
  const tasks = await tenant.form({
    appId,
    key: 'salesTask',
    name: '销售任务表',
    fields: [
      { key: 'title', name: '任务标题', type: 'text', rules: { required: true } },
      { key: 'due', name: '截止日期', type: 'date' },
      { key: 'done', name: '完成', type: 'switch' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
    ],
    settings: {
      summaryFields: [],
      task: { title: 'title', owner: 'owner', due: 'due', done: 'done', subject: 'customer' },
    },
  });
  return { appId, customers, tasks };
}

/** The tutorial's flow: a new customer makes a task for its owner, and a card about it. */
export const followUpFlow = ({ customers, tasks }: FollowUpForms): FlowDefinition => ({
  trigger: { type: 'recordCreated', formId: customers.id },
  nodes: [
    {
      id: 'task',
      name: '',
      type: 'createRecord',
      formId: tasks.id,
      assignments: [
        {
          field: 'title',
          value: { kind: 'text', parts: [{ text: '【新客户跟进】' }, { ref: { source: 'trigger', path: 'name' } }] },
        },
        { field: 'owner', value: { kind: 'ref', ref: { source: 'trigger', path: 'owner' } } },
        { field: 'due', value: { kind: 'now', offset: 3, unit: 'day' } },
        { field: 'customer', value: { kind: 'ref', ref: { source: 'trigger', path: 'id' } } },
      ],
    },
    {
      id: 'card',
      name: '',
      type: 'message',
      kind: 'task',
      to: [{ kind: 'field', ref: { source: 'task', path: 'owner' } }],
      title: { kind: 'ref', ref: { source: 'task', path: 'title' } },
      facts: [{ label: '截止', ref: { source: 'task', path: 'due' } }],
      record: 'task',
    },
  ],
  edges: [
    { from: 'trigger', to: 'task' },
    { from: 'task', to: 'card', port: 'next' },
  ],
});

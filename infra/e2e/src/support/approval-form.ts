import type { Page } from 'playwright-core';
import { call, type Item } from './company.js';

/** Who decides, and how many of them it takes: one (`any`) or everybody (`all`). */
interface Approval {
  members: readonly string[];
  mode?: 'any' | 'all';
}

/** A form of the company's first app whose new records are approved; `key` names both of them. */
export async function approvedForm(desk: Page, key: string, { members, mode = 'any' }: Approval): Promise<Item> {
  const appId = (await call(desk, 'GET', '/apps')).items[0]?.id ?? '';
  const fields = [{ key: 'name', name: '申请', type: 'text', rules: { required: true } }];
  const form = await call<Item>(desk, 'POST', '/forms', { appId, key: `ask${key}`, name: `申请 ${key}`, fields });
  const title = { kind: 'text', parts: [{ ref: { source: 'trigger', path: 'name' } }] };
  const approvers = [{ kind: 'member', ids: members }];
  const definition = {
    trigger: { type: 'recordCreated', formId: form.id },
    nodes: [{ id: 'ok', name: '审批', type: 'approval', approvers, title, mode }],
    edges: [{ from: 'trigger', to: 'ok' }],
  };
  const flow = await call<Item>(desk, 'POST', '/flows', { appId, name: form.name, definition });
  await call(desk, 'POST', `/flows/${flow.id}/publish`, {});
  return form;
}

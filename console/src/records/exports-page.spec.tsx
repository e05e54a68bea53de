import type { ExportView } from '@lianke/shared/records/exports';
import { expect, it } from 'vitest';
import { keys } from '../api/queries.js';
import { textOf } from '../testing/render.js';
import { ExportsPage } from './exports-page.js';

const one = (id: string, more: Partial<ExportView>): ExportView => ({
  ...{ id: id as ExportView['id'], formId: 'form' as ExportView['formId'], formName: '客户', format: 'xlsx' as const },
  ...{ fileName: `客户 ${id}.xlsx`, state: 'running' as const, progress: { done: 10, total: 40 } },
  ...{ size: null, error: null, createdAt: '2025-03-07T02:00:00.000Z', expiresAt: null },
  ...more,
});

it('lists running, ready, failed and expired exports with what can be done (a finished one was lost)', () => {
  const items = [
    one('a', {}),
    one('b', { state: 'done', size: 2048, expiresAt: '2025-03-08T02:00:00.000Z', progress: { done: 40, total: 40 } }),
    one('c', { state: 'failed', error: '没有权限' }),
    one('d', { state: 'expired' }),
  ];
  const { zh, en } = textOf(<ExportsPage />, [
    [['exports', 'mine'], items],
    [keys.forms(), []],
  ]);
  expect(zh).toMatch(/进行中 客户 a\.xlsx .*25% 停 ?止/);
  expect(zh).toMatch(/可下载 客户 b\.xlsx .*40 条，2.0 kB.* 下载/);
  expect(zh).toMatch(/失败 客户 c\.xlsx .*没有权限/);
  expect(zh).toMatch(/已过期 客户 d\.xlsx/);
  expect(zh.match(/ 下载 /g)).toHaveLength(1);
  expect(en).toContain('My exports');
});

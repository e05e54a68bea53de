import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tileLook } from './tile-look.js';

const templates = join(import.meta.dirname, '../../../../server/assets/templates');
const named = readdirSync(templates).flatMap((file) =>
  [...readFileSync(join(templates, file), 'utf8').matchAll(/"icon": "(\w+)"/g)].map(([, icon = '']) => icon),
);

test.each([...new Set(named)])('forms of templates with the icon “%s” have one of their own on 工作台', (icon) => {
  expect(tileLook({ kind: 'form', icon }).icon).not.toBe('table');
});

test('a form without an icon looks like a table, a dashboard like a chart', () => {
  expect([tileLook({ kind: 'form', icon: null }).icon, tileLook({ kind: 'dashboard', icon: null }).icon]).toEqual([
    'table',
    'chart',
  ]);
});

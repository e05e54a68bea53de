import { expect, it } from 'vitest';
import { valueText } from '../flows/value-text.js';
import type { FieldMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';
import { printText } from './print-text.js';

const money = (config: Record<string, unknown>) =>
  ({ typeName: 'money', storage: 'numeric', config, type: {} }) as unknown as FieldMeta;
const org = { nameOf: () => '', departments: new Map() } as unknown as Org;
const onCard = (value: string, config: Record<string, unknown>) =>
  valueText(money(config), value, { org, timeZone: 'Asia/Shanghai', language: 'zh', nameOf: () => '' });

it('amounts in dollars are no yuan on cards and paper', () => {
  expect(onCard('1200', { currency: 'USD' })).toBe('1,200 USD');
  expect(printText(money({ currency: 'USD' }), '1200', 'Asia/Shanghai', '单位')).toBe('1,200.00 USD');
});

it('a card shows 万元 as screens do, paper shows it in full unless the template asks for it', () => {
  const wan = { display: 'wan', decimals: 2 };
  expect(onCard('123456.78', wan)).toBe('12.345678 万元');
  expect(printText(money(wan), '123456.78', 'Asia/Shanghai', '单位')).toBe('123,456.78 元');
  expect(printText(money(wan), '123456.78', 'Asia/Shanghai', '万元')).toBe('12.345678');
});

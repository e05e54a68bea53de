import { expect, it } from 'vitest';
import { textOf } from '../../testing/render.js';
import { MetricTarget } from './metric-target.js';
import '../i18n.js';

const target = {
  ...{ name: '回款', unit: '元', amount: '2000', actual: '1750.5', percent: 87 },
  ...{ from: '2026-01-01', to: '2026-03-31' },
};

it('tells how far the target of a metric is, with what was reached and what was to be', () => {
  const { zh, en } = textOf(<MetricTarget target={target} />, []);
  for (const part of ['目标完成 87%', '1,750.5 / 2,000 元']) expect(zh).toContain(part);
  expect(en).toContain('87% of the target');
});

it('says that there is none, or nothing to reach', () => {
  expect(textOf(<MetricTarget target={null} />, []).zh).toContain('这一期没有目标');
  expect(textOf(<MetricTarget target={{ ...target, amount: '0', percent: null }} />, []).zh).toContain('目标为 0');
});

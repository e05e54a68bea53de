import { expect, it } from 'vitest';
import { nounOf } from './noun.js';

it.each([
  ['客户信息表', '客户'],
  ['销售任务表', '销售任务'],
  ['客户台账', '客户'],
  ['来访登记表', '来访'],
  ['联系人', '联系人'],
  ['报表', '报表'],
  ['统计报表', '统计报表'],
  ['钟表', '钟表'],
  ['Contacts', 'Contacts'],
])('%s holds %s', (name, noun) => expect(nounOf(name)).toBe(noun));

import { expect, test } from 'vitest';
import { coveredAreas, placeOf, territoryOf, unreachableRows } from './territories.js';

const rows = (...areas: string[][]) => areas.map((each, index) => ({ id: `t${index}`, areas: each }));

test('an address lies in the first row that names it or what is around it', () => {
  const table = rows(['广东省/深圳市'], ['广东省', '海南省'], ['上海市/上海市/浦东新区']);
  const at = (address: object) => territoryOf('address', table, placeOf('address', address as never))?.id;
  expect(at({ province: '广东省', city: '深圳市', district: '南山区' })).toBe('t0');
  expect(at({ province: '广东省', city: '广州市' })).toBe('t1');
  expect(at({ province: '广东', city: '深圳' })).toBe('t0');
  expect(at({ city: '海口市' })).toBe('t1');
  expect(at({ province: '上海市', district: '浦东新区' })).toBe('t2');
  expect(at({ province: '上海市', city: '上海市', district: '徐汇区' })).toBeUndefined();
  expect(at({ province: '江苏省' })).toBeUndefined();
  expect(at({ detail: '深圳' })).toBeUndefined();
});

test('choices of a select and of a cascading select', () => {
  expect(territoryOf('select', rows(['a'], ['b']), placeOf('select', 'b'))?.id).toBe('t1');
  const table = rows(['华东/浙江'], ['华东']);
  expect(territoryOf('cascader', table, placeOf('cascader', '华东/浙江/杭州'))?.id).toBe('t0');
  expect(territoryOf('cascader', table, placeOf('cascader', '华东/江苏'))?.id).toBe('t1');
  expect(territoryOf('cascader', table, placeOf('cascader', null))).toBeUndefined();
});

test('what a row before covers is found; an exception before the rule is none', () => {
  const table = rows(['广东省/深圳市'], ['广东省'], ['广东省/广州市', '海南省'], ['广东省/珠海市']);
  const covered = coveredAreas('address', table);
  expect(covered).toEqual([
    { row: 2, area: '广东省/广州市', by: 1 },
    { row: 3, area: '广东省/珠海市', by: 1 },
  ]);
  expect(unreachableRows(table, covered)).toEqual([3]);
  expect(coveredAreas('select', rows(['a', 'a']))).toEqual([{ row: 0, area: 'a', by: 0 }]);
});

import { describe, expect, it } from 'vitest';
import { check } from '../check.js';
import { Dec } from '../decimal.js';
import { evaluateFormula } from '../evaluate.js';
import { faultText } from '../faults.js';
import { parse } from '../parser.js';
import { listOf } from '../types.js';
import { isList, toText, type Value } from '../values.js';
import { docSample, functionDocs } from './docs.js';
import { functions } from './registry.js';

const env = { now: new Date('2026-03-04T02:30:00Z'), timeZone: 'Asia/Shanghai' };

function lookup(path: readonly string[]) {
  const [first, column] = path;
  if (first !== '明细' || !(column && column in docSample))
    return { code: 'unknown_field' as const, params: { name: path.join('.') } };
  return { type: listOf(column === '状态' ? 'text' : 'number'), name: column };
}

function read(path: readonly string[]): Value {
  const column = path[1] as keyof typeof docSample;
  return docSample[column].map((text) => (column === '状态' ? text : new Dec(text)));
}

/** The value as text, or the fault as a sentence. */
function run(source: string): string {
  const parsed = parse(source);
  if (!parsed.ok) return faultText(parsed.fault, 'zh');
  const { faults, types } = check(parsed.node, lookup);
  if (faults[0]) return faultText(faults[0], 'zh');
  const result = evaluateFormula(parsed.node, { ...env, types, read });
  if (!result.ok) return faultText(result.fault, 'zh');
  return isList(result.value)
    ? result.value.map((item) => toText(item, env.timeZone)).join('|')
    : toText(result.value, env.timeZone);
}

describe('the functions', () => {
  it('are at least eighty, each with names of its own in both languages', () => {
    expect(functions.length).toBeGreaterThanOrEqual(80);
    const names = functions.flatMap(({ name, zh, aliases = [] }) => [name, ...zh, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const { zh } of functions) expect(zh[0]).toMatch(/\p{Script=Han}/u);
  });

  it('have help, and help names no others', () => {
    expect(Object.keys(functionDocs).sort()).toEqual(functions.map(({ name }) => name).sort());
  });

  it.each(Object.entries(functionDocs))('%s computes what its example says', (_, doc) => {
    expect(run(doc.example)).toBe(doc.result);
  });

  it.each(functions.map(({ name, zh }) => [name, zh]))('%s answers to its Chinese names too', (name, zh) => {
    const example = functionDocs[name]?.example ?? '';
    for (const word of zh) {
      const renamed = example.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), word);
      expect(run(renamed)).toBe(functionDocs[name]?.result);
    }
  });
});

describe('numbers', () => {
  it.each([
    ['0.1 + 0.2 = 0.3', 'TRUE'],
    ['0.1 + 0.2', '0.3'],
    ['1 / 3 * 3', '1'],
    ['-2 ^ 2', '4'],
    ['2 ^ -1', '0.5'],
    ['2 ^ 3 ^ 2', '64'],
    ['10%', '0.1'],
    ['50% * 200', '100'],
    ['9007199254740993 + 0', '9007199254740993'],
    ['ROUND(2.5, 0)', '3'],
    ['ROUND(-2.5, 0)', '-3'],
    ['ROUND(1250, -2)', '1300'],
    ['MOD(-1, 3)', '2'],
    ['CEILING(-2.1)', '-2'],
    ['ODD(0)', '1'],
    ['ODD(-2)', '-3'],
    ['LARGE({明细.金额}, 9)', ''],
    ['1 / 0', '除数是 0'],
    ['10 ^ 40', '数字太大，超过 30 位'],
    ['SQRT(-1)', 'SQRT 的参数不对：-1'],
    ['STDEV(1)', '除数是 0'],
    ['LCM(0, 5)', '0'],
    ['GCD(1.5, 3)', 'GCD 的参数不对：1.5'],
  ])('%s → %s', (source, result) => expect(run(source)).toBe(result));
});

describe('blank values', () => {
  it.each([
    ['BLANK() + 1', '1'],
    ['BLANK() & "a"', 'a'],
    ['BLANK() = 0', 'TRUE'],
    ['BLANK() = ""', 'TRUE'],
    ['IF(BLANK(), 1, 2)', '2'],
    ['AVERAGE(BLANK())', ''],
    ['MAX(BLANK(), BLANK())', ''],
    ['YEAR(BLANK())', ''],
    ['BLANK() < TODAY()', 'FALSE'],
  ])('%s → %s', (source, result) => expect(run(source)).toBe(result));
});

describe('dates', () => {
  it.each([
    ['TODAY() + 30', '2026-04-03'],
    ['DATE(2026, 3, 10) - TODAY()', '6'],
    ['NOW() + 0.5', '2026-03-04 22:30'],
    ['NOW() > TODAY()', 'TRUE'],
    ['EDATE(DATE(2024, 2, 29), 12)', '2025-02-28'],
    ['DATEDIF(DATE(2026, 1, 31), DATE(2026, 2, 28), "月")', '0'],
    ['DATEDIF(TODAY(), DATE(2025, 3, 5), "年")', '0'],
    ['DATEDIF(TODAY(), DATE(2024, 3, 4), "年")', '-2'],
    ['WEEKNUM(DATE(2027, 1, 1))', '53'],
    ['TEXT(NOW(), "yyyy年m月d日 hh:mm aaaa")', '2026年3月4日 10:30 星期三'],
    ['TEXT(TODAY(), "yyyyMMdd")', '20260304'],
    ['TEXT(TODAY(), "yy/mm")', '26/03'],
    ['DATEVALUE("2026-02-30")', '“2026-02-30”不是日期'],
    ['WORKDAY(TODAY(), 99999)', 'WORKDAY 的参数不对：99999'],
    ['DATE(9999, 12, 31) + 1', '“2932897”不是日期'],
    ['WORKDAY(DATE(2026, 3, 4), 1, DATE(2026, 3, 5))', '2026-03-06'],
    ['DATEADD(NOW(), -90, "分钟")', '2026-03-04 09:00'],
    ['ENDOF(DATE(2026, 2, 10), "月")', '2026-02-28'],
  ])('%s → %s', (source, result) => expect(run(source)).toBe(result));
});

describe('texts', () => {
  it.each([
    ['"a""b"', 'a"b'],
    ['“你好” & ‘x’', '这里不能有“‘”'],
    ['LEN("𠮷野家")', '3'],
    ['LEFT("abc", 99)', 'abc'],
    ['SUBSTITUTE("a-b-c", "-", "+", 2)', 'a-b+c'],
    ['REPT("ab", 20000)', '文本太长，最多 20000 个字符'],
    ['SUBSTITUTE(REPT("a", 20000), "a", "bb")', '文本太长，最多 20000 个字符'],
    ['RMBCAP(0)', '零元整'],
    ['RMBCAP(-1003.05)', '负壹仟零叁元零伍分'],
    ['RMBCAP(100000000)', '壹亿元整'],
    ['RMBCAP(1000200.3)', '壹佰万零贰佰元叁角整'],
    ['RMBCAP(0.05)', '伍分'],
    ['NUMTOCN(10005)', '一万零五'],
    ['TEXT(0.256, "0.0%")', '25.6%'],
    ['TEXT(5, "000")', '005'],
    ['TEXT(-1234567.891, "#,##0.00")', '-1,234,567.89'],
    ['TEXT(1.50, "0.##")', '1.5'],
    ['VALUE("十二")', '“十二”不是数字'],
    ['IFERROR(VALUE("x"), -1)', '-1'],
    ['IDBIRTHDAY("110105194912310021")', ''],
  ])('%s → %s', (source, result) => expect(run(source)).toBe(result));
});

describe('lists and conditions', () => {
  it.each([
    ['COUNTIF({明细.状态}, "<>已签")', '1'],
    ['SUMIF({明细.金额}, ">60")', '350'],
    ['SUM({明细.金额}, 1, 2)', '403'],
    ['{明细.金额} + 1', '这里需要单个值，现在是多个值，可以用 SUM、FIRST 或 JOIN 变成一个'],
    ['IFS(1 > 2, "a")', '没有一个条件成立'],
    ['SWITCH(3, 1, "a", 2, "b")', ''],
    ['SWITCH(3, 1, "a", 2, "b", "c")', 'c'],
    ['IF(1, 2, 3) & IF(TRUE, "是", 1 / 0)', '这里需要是或否，现在是数字，请写成比较，例如 …>0'],
    ['IF(FALSE, 1 / 0, 5)', '5'],
    ['AND(FALSE, 1 / 0 > 1)', 'FALSE'],
    ['INDEX({明细.金额}, 1.5)', ''],
  ])('%s → %s', (source, result) => expect(run(source)).toBe(result));
});

import { describe, expect, it } from 'vitest';
import { binaryOps, type Node, type Span } from './ast.js';
import { check, paramAt } from './check.js';
import { Dec } from './decimal.js';
import { evaluateFormula } from './evaluate.js';
import { faultText, formulaFaults } from './faults.js';
import { format } from './format.js';
import type { Param } from './functions/define.js';
import { functions } from './functions/registry.js';
import { maxLength } from './lexer.js';
import { parse } from './parser.js';
import { type FormulaType, type Kind, listOf, single } from './types.js';
import { isList, kindOf, type Scalar, type Value } from './values.js';

const none: Span = { start: 0, end: 0 };

/** A repeatable source of numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const samples: Record<string, { type: FormulaType; value: Value }> = {
  n: { type: single('number'), value: new Dec('12.50') },
  '客户.等级': { type: single('text'), value: 'A级' },
  'a\\.b}c': { type: single('text'), value: '' },
  yes: { type: single('boolean'), value: true },
  d: { type: single('date'), value: { kind: 'date', day: 20_000 } },
  t: { type: single('datetime'), value: { kind: 'datetime', ms: 1.7e12 } },
  missing: { type: single('date'), value: null },
  'rows.amount': { type: listOf('number'), value: [new Dec(1), null, new Dec('2.5')] },
  'rows.name': { type: listOf('text'), value: ['x', null, 'y'] },
};
const pathOf = (name: string) => (name.startsWith('a') ? [name] : name.split('.'));
const nameOf = (path: readonly string[]) => path.join('.');

function makeNode(random: () => number, depth: number): Node {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (depth === 0 || random() < 0.2) {
    const leaf = random();
    if (leaf < 0.35) return { kind: 'number', text: pick(['0', '1', '2.50', '0.001', '100']), at: none };
    if (leaf < 0.5) return { kind: 'text', text: pick(['', 'a"b', '中文 ，', '>2', '天', '2026-01-01']), at: none };
    return { kind: 'ref', path: pathOf(pick(Object.keys(samples))), at: none };
  }
  const kind = random();
  const child = () => makeNode(random, depth - 1);
  if (kind < 0.45) return { kind: 'binary', op: pick(binaryOps), left: child(), right: child(), at: none };
  if (kind < 0.55) return { kind: 'unary', op: pick(['-', '+'] as const), operand: child(), at: none };
  if (kind < 0.6) return { kind: 'percent', operand: child(), at: none };
  const def = pick(functions);
  const least = def.params.filter((param) => !param.optional).length;
  const count =
    least +
    (def.repeat ? def.repeat * Math.floor(random() * 2) : Math.floor(random() * (def.params.length - least + 1)));
  const args = Array.from({ length: count }, (_, index) => {
    const param: Param | undefined = paramAt(def, index, count);
    return param?.shape === 'list' && random() < 0.5
      ? ({ kind: 'ref', path: ['rows', pick(['amount', 'name'])], at: none } as Node)
      : child();
  });
  return { kind: 'call', name: def.name, args, nameSpan: none, at: none };
}

/** The tree without its places. */
const bare = (node: Node): unknown =>
  JSON.parse(JSON.stringify(node, (key, value) => (key === 'at' || key === 'nameSpan' ? undefined : value)));

describe('text and tree', () => {
  it('a formatted tree reads as the same tree, and formats the same again (3,000 random trees)', () => {
    const random = seeded(7);
    for (let round = 0; round < 3000; round++) {
      const node = makeNode(random, 1 + (round % 5));
      const text = format(node);
      if (text.length > maxLength) continue;
      const parsed = parse(text);
      expect(parsed.ok, text).toBe(true);
      if (!parsed.ok) continue;
      expect(bare(parsed.node)).toEqual(bare(node));
      expect(format(parsed.node)).toBe(text);
    }
  });

  it('anything typed is read or refused at a place inside the text, and never throws', () => {
    const random = seeded(11);
    const bits = [
      '(',
      ')',
      ',',
      '{',
      '}',
      '"',
      '“',
      '1',
      '.',
      'IF',
      '求和',
      'x',
      ' ',
      '+',
      '<',
      '>',
      '=',
      '%',
      '\\',
      '。',
      '😀',
      '，',
      '（',
    ];
    for (let round = 0; round < 4000; round++) {
      const text = Array.from(
        { length: Math.floor(random() * 12) },
        () => bits[Math.floor(random() * bits.length)],
      ).join('');
      const parsed = parse(text);
      if (parsed.ok) continue;
      expect(parsed.fault.at.start).toBeGreaterThanOrEqual(0);
      expect(parsed.fault.at.end).toBeLessThanOrEqual(text.length);
      expect(faultText(parsed.fault, 'zh')).toMatch(/\p{Script=Han}/u);
    }
  });

  it('reads what Chinese keyboards type as the same formula', () => {
    const plain = parse('IF({单价} * {数量} >= 1000, "大单", "小单")');
    const typed = parse('=如果（单价×数量≥１０００，“大单”；”小单“）');
    expect(plain.ok && typed.ok && format(typed.node)).toBe(plain.ok && format(plain.node));
  });

  it.each([
    ['', 'empty', 0],
    ['=', 'empty', 1],
    ['1 +', 'expected_value', 3],
    ['SUM(1', 'expected_close', 0],
    ['1 2', 'unexpected', 2],
    ['"abc', 'unclosed_text', 0],
    ['{a', 'unclosed_reference', 0],
    ['{}', 'empty_reference', 0],
    ['SUMM(1)', 'unknown_function', 0],
    ['1 # 2', 'strange_character', 2],
    [`${'('.repeat(70)}1${')'.repeat(70)}`, 'too_deep', 60],
    ['1'.repeat(40), 'bad_number', 0],
    [`"${'a'.repeat(maxLength)}"`, 'too_long', maxLength],
  ])('%s is refused: %s at %d', (text, code, start) => {
    const parsed = parse(text);
    expect(parsed.ok ? 'read' : [parsed.fault.code, parsed.fault.at.start]).toEqual([code, start]);
  });

  it('proposes the nearest function name', () => {
    const parsed = parse('SUMM(1)');
    expect(!parsed.ok && faultText(parsed.fault, 'zh')).toBe('没有函数“SUMM”，是不是 SUM？');
    expect(!parsed.ok && faultText(parsed.fault, 'en')).toBe('There is no function "SUMM"; did you mean SUM?');
  });

  it('has every fault in both languages', () => {
    for (const { zh, en } of Object.values(formulaFaults)) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('the check', () => {
  const lookup = (path: readonly string[]) => {
    const found = samples[nameOf(path)];
    return found
      ? { type: found.type, name: nameOf(path) }
      : { code: 'unknown_field' as const, params: { name: nameOf(path) } };
  };

  it('a formula it passes gives a value of the kind it said, or a fault with a place (6,000 random trees)', () => {
    const random = seeded(3);
    let passed = 0;
    for (let round = 0; round < 6000; round++) {
      const parsed = parse(format(makeNode(random, 1 + (round % 4))));
      if (!parsed.ok) continue;
      const checked = check(parsed.node, lookup);
      if (checked.faults.length > 0) continue;
      passed++;
      const result = evaluateFormula(parsed.node, {
        now: new Date('2026-03-04T02:30:00Z'),
        timeZone: 'Asia/Shanghai',
        types: checked.types,
        read: (path) => samples[nameOf(path)]?.value ?? null,
      });
      if (!result.ok) {
        expect(['wrong_type', 'needs_single']).not.toContain(result.fault.code);
        continue;
      }
      expect(isList(result.value), format(parsed.node)).toBe(checked.type.list);
      for (const value of isList(result.value) ? result.value : [result.value])
        expect(kindsOf(checked.type.kind), format(parsed.node)).toContain(kindOf(value as Scalar));
    }
    expect(passed).toBeGreaterThan(500);
  });

  it('says where and why', () => {
    const parsed = parse('{n} + {客户.等级} + {nothing}');
    if (!parsed.ok) throw new Error('not read');
    expect(check(parsed.node, lookup).faults.map((fault) => [fault.at.start, faultText(fault, 'zh')])).toEqual([
      [6, '这里需要数字，现在是文本，可以用 VALUE() 转成数字'],
      [16, '没有字段“nothing”'],
    ]);
  });
});

/** Values a result of one kind may be: blank always, a date where dates and instants met. */
function kindsOf(kind: Kind): Kind[] {
  return kind === 'datetime'
    ? ['datetime', 'date', 'blank']
    : kind === 'number'
      ? ['number', 'boolean', 'blank']
      : [kind, 'blank'];
}

describe('bounds', () => {
  it('a formula that does too much stops, and IFERROR cannot hide it', () => {
    const parsed = parse('IFERROR(SUM({rows}), 0)');
    if (!parsed.ok) throw new Error('not read');
    const rows = Array.from({ length: 1000 }, () => new Dec(1));
    const env = { now: new Date(0), timeZone: 'UTC', types: new Map(), read: () => rows };
    expect(evaluateFormula(parsed.node, { ...env, maxSteps: 100 })).toMatchObject({
      ok: false,
      fault: { code: 'too_much_work' },
    });
    expect(evaluateFormula(parsed.node, env)).toMatchObject({ ok: true });
  });

  it('adds up 100,000 related values exactly, in bounded time', () => {
    const parsed = parse('SUM({rows})');
    if (!parsed.ok) throw new Error('not read');
    const rows = Array.from({ length: 100_000 }, () => new Dec('0.1'));
    const result = evaluateFormula(parsed.node, {
      now: new Date(0),
      timeZone: 'UTC',
      types: new Map(),
      read: () => rows,
    });
    expect(result.ok && String(result.value)).toBe('10000');
  });
});

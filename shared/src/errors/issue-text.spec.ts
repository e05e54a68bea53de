import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldTypes } from '../fields/registry.js';
import { filter } from '../filter/ast.js';
import { uuidOf } from '../ids.js';
import { formatTexts } from './issue-names.js';
import { issuesText } from './issue-text.js';
import { type ShapeText, shapeTexts } from './shape-texts.js';

/** What is refused where other texts that are no words of the format would pass. */
const wrong: Record<string, string> = { lowercase: 'AB', uppercase: 'ab' };

function textOf(schema: z.ZodType, input: unknown) {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error('the schema takes it');
  return issuesText(parsed.error.issues, input, { zh: '请求内容', en: 'the body' });
}

const rows = z.object({ rows: z.array(z.object({ name: z.string(), size: z.number().int() })) });

describe('a complaint of a schema says where, what is wrong and what would be right', () => {
  it.each<[string, z.ZodType, unknown, string, string]>([
    ['missing', z.object({ a: z.string() }), {}, 'a：缺少，应为文字', 'a: is missing, expected text'],
    [
      'another type',
      rows,
      { rows: [{ name: 7, size: 1 }] },
      'rows[0].name：应为文字，收到的是数字',
      'rows[0].name: expected text, received a number',
    ],
    [
      'no whole number',
      rows,
      { rows: [{ name: 'x', size: 1.5 }] },
      'rows[0].size：应为整数，收到的是数字',
      'rows[0].size: expected a whole number, received a number',
    ],
    [
      'null',
      z.object({ a: z.boolean() }),
      { a: null },
      'a：应为 true 或 false，收到的是空值 null',
      'a: expected true or false, received null',
    ],
    [
      'a list where an object belongs',
      z.object({ a: z.record(z.string(), z.json()) }),
      { a: [] },
      'a：应为对象 {…}，收到的是列表 […]',
      'a: expected an object {…}, received a list […]',
    ],
    [
      'the whole body',
      z.object({}),
      'x',
      '请求内容：应为对象 {…}，收到的是文字',
      'the body: expected an object {…}, received text',
    ],
    [
      'a number in an address',
      z.object({ limit: z.coerce.number() }),
      { limit: 'abc' },
      'limit：应为数字，收到的是文字',
      'limit: expected a number, received text',
    ],
    ['what may not be', z.object({ a: z.never() }), { a: 1 }, 'a：不应有内容，请去掉', 'a: must be left out'],
    [
      'a malformed id',
      z.object({ id: uuidOf<'record'>() }),
      { id: '12' },
      `id：${shapeTexts.uuid.zh}`,
      `id: ${shapeTexts.uuid.en}`,
    ],
    ['empty text', z.object({ a: z.string().min(1) }), { a: '' }, 'a：不能为空', 'a: must not be empty'],
    [
      'short text',
      z.object({ a: z.string().min(8) }),
      { a: 'abc' },
      'a：至少 8 个字符，收到 3 个字符',
      'a: needs at least 8 characters, received 3',
    ],
    [
      'long text',
      z.object({ a: z.string().max(2) }),
      { a: 'abc' },
      'a：最多 2 个字符，收到 3 个字符',
      'a: may have at most 2 characters, received 3',
    ],
    [
      'text of another length',
      z.string().length(2),
      'abc',
      '请求内容：应为 2 个字符，收到 3 个字符',
      'the body: must have exactly 2 characters, received 3',
    ],
    ['an empty list', z.object({ a: z.array(z.string()).min(1) }), { a: [] }, 'a：不能为空', 'a: must not be empty'],
    [
      'a short list',
      z.object({ a: z.array(z.string()).min(2) }),
      { a: ['x'] },
      'a：至少 2 项，收到 1 项',
      'a: needs at least 2 items, received 1',
    ],
    [
      'a long list',
      z.object({ a: z.array(z.string()).max(1) }),
      { a: ['x', 'y'] },
      'a：最多 1 项，收到 2 项',
      'a: may have at most 1 items, received 2',
    ],
    [
      'a small number',
      z.object({ a: z.number().min(1) }),
      { a: 0 },
      'a：不能小于 1，收到 0',
      'a: must be at least 1, received 0',
    ],
    [
      'a number not above',
      z.object({ a: z.number().positive() }),
      { a: 0 },
      'a：必须大于 0，收到 0',
      'a: must be above 0, received 0',
    ],
    [
      'a big number',
      z.object({ a: z.number().max(5) }),
      { a: 9 },
      'a：不能大于 5，收到 9',
      'a: must be at most 5, received 9',
    ],
    [
      'a number not below',
      z.object({ a: z.number().lt(5) }),
      { a: 5 },
      'a：必须小于 5，收到 5',
      'a: must be below 5, received 5',
    ],
    [
      'an early date',
      z.date().min(new Date(0)),
      new Date(-1),
      '请求内容：不能早于 1970-01-01T00:00:00.000Z',
      'the body: must not lie before 1970-01-01T00:00:00.000Z',
    ],
    [
      'a late date',
      z.date().max(new Date(0)),
      new Date(1),
      '请求内容：不能晚于 1970-01-01T00:00:00.000Z',
      'the body: must not lie after 1970-01-01T00:00:00.000Z',
    ],
    [
      'off the step',
      z.object({ a: z.number().multipleOf(5) }),
      { a: 7 },
      'a：应为 5 的倍数，收到 7',
      'a: must be a multiple of 5, received 7',
    ],
    [
      'keys nobody knows',
      z.strictObject({ a: z.string() }),
      { a: 'x', b: 1, c: 2 },
      '请求内容：不认识“b”、“c”，请核对名称或去掉',
      'the body: does not know "b", "c"; check the names or leave them out',
    ],
    [
      'no such choice',
      z.object({ a: z.enum(['x', 'y', 'z']) }),
      { a: 'w' },
      'a：只能是“x”、“y” 或 “z”，收到的是“w”',
      'a: must be "x", "y" or "z", received "w"',
    ],
    [
      'a choice missing',
      z.object({ a: z.enum(['x', 'y']) }),
      {},
      'a：缺少，应为“x” 或 “y”',
      'a: is missing, expected "x" or "y"',
    ],
    [
      'another constant',
      z.object({ a: z.literal(1) }),
      { a: 2 },
      'a：只能是 1，收到的是 2',
      'a: must be 1, received 2',
    ],
    [
      'one of several types',
      z.object({ a: z.union([z.boolean(), z.literal('exact')]) }),
      { a: 1 },
      'a：应为 true 或 false 或 “exact”，收到的是数字',
      'a: expected true or false or "exact", received a number',
    ],
    [
      'one of several words, missing',
      z.object({ a: z.union([z.string(), z.number()]) }),
      {},
      'a：缺少，应为文字 或 数字',
      'a: is missing, expected text or a number',
    ],
    [
      'a shape of another kind',
      z.object({
        a: z.discriminatedUnion('type', [z.object({ type: z.literal('x') }), z.object({ type: z.literal('y') })]),
      }),
      { a: { type: 'z' } },
      'a.type：只能是“x” 或 “y”，收到的是“z”',
      'a.type: must be "x" or "y", received "z"',
    ],
    [
      'a condition with a wrong operator',
      z.object({ filter }),
      { filter: { and: [{ field: 'a', op: 'like', value: 1 }] } },
      'filter.and[0].op：只能是',
      'filter.and[0].op: must be',
    ],
    [
      'no condition at all',
      z.object({ filter }),
      { filter: {} },
      'filter：写法不对，应含有 “and”，或 “or”，或 “not”，或 “field”与“op”',
      'filter: has no known shape, expected "and", or "or", or "not", or "field" with "op"',
    ],
    [
      'a bad name in a map',
      z.record(z.string().max(2), z.string()),
      { abc: 'x' },
      'abc：名称不对，它最多 2 个字符',
      'abc: is no name that fits: it may have at most 2 characters',
    ],
    [
      'a bad element of a map',
      z.map(z.boolean(), z.string().min(3)),
      new Map([[true, 'x']]),
      '请求内容：里面的内容不对，它至少 3 个字符',
      'the body: holds something that does not fit: it needs at least 3 characters',
    ],
    [
      'a text that begins otherwise',
      z.string().startsWith('https:'),
      'x',
      '请求内容：应以“https:”开头',
      'the body: must start with "https:"',
    ],
    [
      'a text that ends otherwise',
      z.string().endsWith('.txt'),
      'x',
      '请求内容：应以“.txt”结尾',
      'the body: must end with ".txt"',
    ],
    ['a text that lacks something', z.string().includes('@'), 'x', '请求内容：应含有“@”', 'the body: must contain "@"'],
    [
      'a pattern of its own',
      z.string().regex(/^x$/),
      'y',
      '请求内容：格式不对，应符合 /^x$/',
      'the body: has the wrong format, expected /^x$/',
    ],
    [
      'a rule with numbers',
      fieldTypes.cascader.config,
      { options: deep(12) },
      'options：最多',
      'options: may have at most',
    ],
    [
      'an own rule',
      z.string().refine(() => false, 'page_path' satisfies ShapeText),
      'x',
      `请求内容：${shapeTexts.page_path.zh}`,
      `the body: ${shapeTexts.page_path.en}`,
    ],
    [
      'a rule without words',
      z.object({ a: z.string().refine(() => false) }),
      { a: 'x' },
      'a：内容不对',
      'a: is not valid',
    ],
  ])('%s', (_, schema, input, zh, en) => {
    const text = textOf(schema, input);
    expect(text.zh.slice(0, zh.length)).toBe(zh);
    expect(text.en.slice(0, en.length)).toBe(en);
  });

  it.each([
    ['uuid', z.uuid()],
    ['guid', z.guid()],
    ['email', z.email()],
    ['url', z.url()],
    ['datetime', z.iso.datetime({ offset: true })],
    ['date', z.iso.date()],
    ['time', z.iso.time()],
    ['duration', z.iso.duration()],
    ['ipv4', z.ipv4()],
    ['ipv6', z.ipv6()],
    ['cidrv4', z.cidrv4()],
    ['cidrv6', z.cidrv6()],
    ['mac', z.mac()],
    ['hostname', z.hostname()],
    ['base64', z.base64()],
    ['base64url', z.base64url()],
    ['hex', z.hex()],
    ['json_string', undefined],
    ['e164', z.e164()],
    ['jwt', z.jwt()],
    ['emoji', z.emoji()],
    ['lowercase', z.string().lowercase()],
    ['uppercase', z.string().uppercase()],
  ] as [string, z.ZodType | undefined][])('a text that is no %s', (format, schema) => {
    const words = formatTexts[format];
    expect(words?.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(words?.en).not.toMatch(/[\u4e00-\u9fff]/);
    if (!schema) return;
    expect(textOf(z.object({ a: schema }), { a: wrong[format] ?? '\u0000 ä' })).toEqual({
      zh: `a：${words?.zh}`,
      en: `a: ${words?.en}`,
    });
  });

  it('counts what it does not show', () => {
    const text = textOf(z.array(z.string()), [1, 2, 3, 4, 5]);
    expect(text.zh).toMatch(/^\[0\]：.*；\[1\]：.*；\[2\]：.*；另有 2 处$/);
    expect(text.en).toMatch(/and 2 more$/);
  });

  it('never repeats a text that may be a secret', () => {
    const text = textOf(z.object({ password: z.string().min(8), to: z.email() }), {
      password: 'hunter2',
      to: 'hunter2',
    });
    expect(`${text.zh}${text.en}`).not.toContain('hunter2');
  });
});

function deep(levels: number): object[] {
  return [{ id: `${levels}`, label: `${levels}`, ...(levels > 1 && { children: deep(levels - 1) }) }];
}

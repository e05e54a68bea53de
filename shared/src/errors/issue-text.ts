import type { z } from 'zod';
import { fillMessage } from './codes.js';
import { formatTexts, typeNames, type Words } from './issue-names.js';
import { shapeTexts } from './shape-texts.js';

export type { Language, Words } from './issue-names.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A schema's complaint: where, what is wrong there, and what would be right. */
export interface Fault {
  /** As in `rows[2].values.name`; empty for the whole input. */
  place: string;
  words: Words;
}

const shownFaults = 3;
const shownChoices = 40;
/** Unions lie within unions; nobody reads further down. */
const maxDepth = 8;

/**
 * Complaints of a schema about `input` as one sentence in each language, the first few of them. `root` says what the
 * whole input is, for complaints about no single place in it.
 */
export function issuesText(issues: readonly Issue[], input: unknown, root: Words = wholeInput): Words {
  const faults = issues.slice(0, shownFaults).map((issue) => faultOf(issue, input));
  const more = issues.length - faults.length;
  const zh = faults.map(({ place, words }) => `${place || root.zh}：${words.zh}`).join('；');
  const en = faults.map(({ place, words }) => `${place || root.en}: ${words.en}`).join('; ');
  return more > 0 ? { zh: `${zh}；另有 ${more} 处`, en: `${en}; and ${more} more` } : { zh, en };
}

const wholeInput: Words = { zh: '请求内容', en: 'the request' };

/** One complaint of a schema about `input`. */
export function faultOf(issue: Issue, input: unknown): Fault {
  return told(issue, [], input, 0);
}

function told(issue: Issue, base: Path, input: unknown, depth: number): Fault {
  const path = [...base, ...issue.path];
  const at = (words: Words): Fault => ({ place: placeOf(path), words });
  const value = valueAt(input, path);
  const shape = shapeTexts[issue.message as keyof typeof shapeTexts] as Words | undefined;
  if (shape) {
    const params = issue.code === 'custom' ? issue.params : undefined;
    return at({ zh: fillMessage(shape.zh, params), en: fillMessage(shape.en, params) });
  }
  switch (issue.code) {
    case 'invalid_type':
      return at(wrongType([typeName(issue.expected)], value, issue.expected));
    case 'invalid_value':
      return at(wrongChoice(issue.values, value));
    case 'too_small':
      return at(tooSmall(issue, value));
    case 'too_big':
      return at(tooBig(issue, value));
    case 'not_multiple_of':
      return at({
        zh: `应为 ${issue.divisor} 的倍数${received(value).zh}`,
        en: `must be a multiple of ${issue.divisor}${received(value).en}`,
      });
    case 'invalid_format':
      return at(wrongFormat(issue));
    case 'unrecognized_keys':
      return at({
        zh: `不认识${listed(issue.keys).zh}，请核对名称或去掉`,
        en: `does not know ${listed(issue.keys).en}; check the names or leave them out`,
      });
    case 'invalid_key':
      return at(within(issue.issues, { zh: '名称不对', en: 'is no name that fits' }, path.at(-1)));
    case 'invalid_element':
      return at(
        within(
          issue.issues,
          { zh: '里面的内容不对', en: 'holds something that does not fit' },
          value instanceof Map ? value.get(issue.key) : issue.key,
        ),
      );
    case 'invalid_union':
      return depth < maxDepth ? noneOf(issue, path, input, depth) : at(unfit);
    default:
      return at(unfit);
  }
}

const unfit: Words = { zh: '内容不对', en: 'is not valid' };

/** A place as one would write it in code. */
function placeOf(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  );
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

function typeName(type: string): Words {
  return typeNames[type] ?? { zh: type, en: type };
}

function kindOf(value: unknown): Words {
  if (Array.isArray(value)) return typeName('array');
  if (typeof value === 'number' && Number.isNaN(value)) return typeName('nan');
  return typeName(value === null ? 'null' : typeof value);
}

/** What stands there, where it is short and nothing to hide. */
function received(value: unknown): Words {
  if (typeof value === 'number' || typeof value === 'bigint')
    return { zh: `，收到 ${value}`, en: `, received ${value}` };
  return { zh: '', en: '' };
}

function quoted(value: unknown): Words {
  const text = String(value).length > 40 ? `${String(value).slice(0, 40)}…` : String(value);
  return typeof value === 'string' ? { zh: `“${text}”`, en: `"${text}"` } : { zh: text, en: text };
}

/** “a”、“b”、“c”, the first of them where there are very many. */
function listed(values: readonly unknown[], last?: Words): Words {
  const shown = values.slice(0, shownChoices).map(quoted);
  const more = values.length - shown.length;
  const join = (language: keyof Words, comma: string) => {
    const texts = shown.map((words) => words[language]);
    const final = last && more <= 0 && texts.length > 1 ? texts.pop() : undefined;
    return final === undefined ? texts.join(comma) : `${texts.join(comma)}${last?.[language]}${final}`;
  };
  return {
    zh: join('zh', '、') + (more > 0 ? ` 等 ${values.length} 种` : ''),
    en: join('en', ', ') + (more > 0 ? ` … (${values.length} in all)` : ''),
  };
}

const or: Words = { zh: ' 或 ', en: ' or ' };

function wrongType(expected: readonly Words[], value: unknown, type?: string): Words {
  if (type === 'never') return { zh: '不应有内容，请去掉', en: 'must be left out' };
  const wanted = { zh: expected.map((item) => item.zh).join(or.zh), en: expected.map((item) => item.en).join(or.en) };
  if (value === undefined) return { zh: `缺少，应为${spaced(wanted.zh)}`, en: `is missing, expected ${wanted.en}` };
  const kind = kindOf(value);
  return {
    zh: `应为${spaced(wanted.zh)}，收到的是${spaced(kind.zh)}`,
    en: `expected ${wanted.en}, received ${kind.en}`,
  };
}

/** Latin letters and digits stand apart from Chinese ones. */
function spaced(text: string): string {
  return /^[\w-]/.test(text) ? ` ${text}` : text;
}

function wrongChoice(values: readonly unknown[], value: unknown): Words {
  const choices = listed(values, or);
  if (value === undefined) return { zh: `缺少，应为${spaced(choices.zh)}`, en: `is missing, expected ${choices.en}` };
  const simple = typeof value !== 'object' || value === null;
  const is = simple ? quoted(value) : kindOf(value);
  return {
    zh: `只能是${spaced(choices.zh)}，收到的是${spaced(is.zh)}`,
    en: `must be ${choices.en}, received ${is.en}`,
  };
}

type Bound = { origin: string; inclusive?: boolean; exact?: boolean };

/** How much of it there is, and in what it is counted: characters, items, bytes; undefined for numbers and dates. */
function measure(origin: string, value: unknown): { unit: Words; size: number | undefined } | undefined {
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
  if (origin === 'string') return { unit: { zh: '个字符', en: 'characters' }, size };
  if (['array', 'set', 'tuple', 'map', 'object', 'record'].includes(origin))
    return { unit: { zh: '项', en: 'items' }, size };
  return origin === 'file' ? { unit: { zh: '字节', en: 'bytes' }, size } : undefined;
}

function tooSmall({ minimum, ...bound }: Bound & { minimum: number | bigint }, value: unknown): Words {
  const measured = measure(bound.origin, value);
  if (measured && Number(minimum) === 1 && !bound.exact) return { zh: '不能为空', en: 'must not be empty' };
  if (measured) return counted(measured, minimum, bound.exact ? exactly : atLeast);
  if (bound.origin === 'date') return { zh: `不能早于 ${day(minimum)}`, en: `must not lie before ${day(minimum)}` };
  const words =
    bound.inclusive === false ? { zh: '必须大于', en: 'must be above' } : { zh: '不能小于', en: 'must be at least' };
  return compared(words, minimum, value);
}

function tooBig({ maximum, ...bound }: Bound & { maximum: number | bigint }, value: unknown): Words {
  const measured = measure(bound.origin, value);
  if (measured) return counted(measured, maximum, bound.exact ? exactly : atMost);
  if (bound.origin === 'date') return { zh: `不能晚于 ${day(maximum)}`, en: `must not lie after ${day(maximum)}` };
  const words =
    bound.inclusive === false ? { zh: '必须小于', en: 'must be below' } : { zh: '不能大于', en: 'must be at most' };
  return compared(words, maximum, value);
}

const exactly: Words = { zh: '应为', en: 'must have exactly' };
const atLeast: Words = { zh: '至少', en: 'needs at least' };
const atMost: Words = { zh: '最多', en: 'may have at most' };

function counted(
  { unit, size }: { unit: Words; size: number | undefined },
  bound: number | bigint,
  words: Words,
): Words {
  const has = size === undefined ? { zh: '', en: '' } : { zh: `，收到 ${size} ${unit.zh}`, en: `, received ${size}` };
  return { zh: `${words.zh} ${bound} ${unit.zh}${has.zh}`, en: `${words.en} ${bound} ${unit.en}${has.en}` };
}

function compared(words: Words, bound: number | bigint, value: unknown): Words {
  return { zh: `${words.zh} ${bound}${received(value).zh}`, en: `${words.en} ${bound}${received(value).en}` };
}

function day(at: number | bigint): string {
  return new Date(Number(at)).toISOString();
}

function wrongFormat(issue: z.core.$ZodIssueInvalidStringFormat): Words {
  const parts = issue as { prefix?: string; suffix?: string; includes?: string; pattern?: string };
  if (issue.format === 'starts_with')
    return { zh: `应以“${parts.prefix}”开头`, en: `must start with "${parts.prefix}"` };
  if (issue.format === 'ends_with') return { zh: `应以“${parts.suffix}”结尾`, en: `must end with "${parts.suffix}"` };
  if (issue.format === 'includes') return { zh: `应含有“${parts.includes}”`, en: `must contain "${parts.includes}"` };
  const known = formatTexts[issue.format];
  if (known) return known;
  return parts.pattern
    ? { zh: `格式不对，应符合 ${parts.pattern}`, en: `has the wrong format, expected ${parts.pattern}` }
    : { zh: `格式不对，应为 ${issue.format}`, en: `has the wrong format, expected ${issue.format}` };
}

/** What a key or an element of a collection gets wrong itself. */
function within(issues: readonly Issue[], words: Words, value: unknown): Words {
  const [first] = issues;
  if (!first) return words;
  const { words: why } = told(first, [], value, maxDepth - 1);
  return { zh: `${words.zh}，它${spaced(why.zh)}`, en: `${words.en}: it ${why.en}` };
}

/** None of several shapes fits: says so of the one that comes closest, or names them all where they are plain. */
function noneOf(issue: z.core.$ZodIssueInvalidUnion, path: Path, input: unknown, depth: number): Fault {
  const place = placeOf(path);
  const value = valueAt(input, path);
  if (issue.inclusive === false)
    return { place, words: { zh: '同时符合几种写法，只能符合一种', en: 'fits several shapes, only one is allowed' } };
  if (issue.discriminator !== undefined) {
    // The issue's own path ends at the property that tells the shapes apart.
    const tag = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator];
    const words = issue.options?.length ? wrongChoice(issue.options, valueAt(input, tag)) : unfit;
    return { place: placeOf(tag), words };
  }
  const branches = issue.errors.filter((issues) => issues.length > 0);
  const plain = branches.every(([first]) => first?.path.length === 0 && isPlain(first));
  if (plain && branches.length > 0)
    return {
      place,
      words: plainChoice(
        branches.flatMap(([first]) => first ?? []),
        value,
      ),
    };
  const needs = branches.map((issues) => missingOf(issues, value));
  if (needs.every((keys) => keys !== undefined) && needs.length > 0)
    return { place, words: needsOne(needs as string[][]) };
  const [closest] = [...branches].sort((a, b) => distance(a, value) - distance(b, value));
  const [first] = closest ?? [];
  return first ? told(first, path, input, depth + 1) : { place, words: unfit };
}

function isPlain(issue: Issue): boolean {
  if (issue.message in shapeTexts) return false;
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** One of several types or words. */
function plainChoice(issues: readonly Issue[], value: unknown): Words {
  const names = issues.flatMap((issue) =>
    issue.code === 'invalid_type'
      ? [typeName(issue.expected)]
      : issue.code === 'invalid_value'
        ? [listed(issue.values, or)]
        : [],
  );
  const once = names.filter((name, index) => names.findIndex((item) => item.zh === name.zh) === index);
  return wrongType(once, value);
}

/** The keys that an object lacks to be of a shape; undefined where something else is wrong with it. */
function missingOf(issues: readonly Issue[], value: unknown): string[] | undefined {
  const keys: string[] = [];
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') continue;
    if (issue.path.length !== 1 || valueAt(value, issue.path) !== undefined) return undefined;
    keys.push(String(issue.path[0]));
  }
  return keys.length > 0 ? keys : undefined;
}

function needsOne(shapes: readonly string[][]): Words {
  const each = (language: keyof Words, and: string) =>
    [...new Set(shapes.map((keys) => keys.map((key) => quoted(key)[language]).join(and)))].join(
      language === 'zh' ? '，或 ' : ', or ',
    );
  return { zh: `写法不对，应含有 ${each('zh', '与')}`, en: `has no known shape, expected ${each('en', ' with ')}` };
}

/** How far a value is from a shape: what is missing or too much weighs more than one wrong value deep inside. */
function distance(issues: readonly Issue[], value: unknown): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 10 * issue.keys.length;
    if (issue.path.length === 0) return sum + 100;
    if (valueAt(value, issue.path) === undefined) return sum + 10;
    return sum + 1 / issue.path.length;
  }, 0);
}

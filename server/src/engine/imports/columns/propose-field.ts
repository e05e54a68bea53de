import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { optionColors } from '@lianke/shared/fields/select/schema';
import { optionFinder } from '@lianke/shared/fields/select/sheet';
import { isFormulaError } from '@lianke/shared/fields/sheet-errors';
import { bare, saysNothing } from '@lianke/shared/fields/sheet-text';
import type { Json } from '@lianke/shared/json';
import type { ColumnProfile } from './profile-column.js';

export interface FieldProposal {
  name: string;
  type: FieldTypeName;
  config: Record<string, Json>;
}

/** What the proposal may use besides the column itself. */
export interface ProposalContext {
  /** Words for options from the sheet's notes. */
  aliases: readonly { option: string; words: readonly string[] }[];
  /** True when the text names a member of the company. */
  isPerson(text: string): boolean;
}

const maxOptions = 30;
/** Options taken over from a drop-down list. */
const maxListed = 200;

/** The type and settings of a field made for a column, from its name and its values. */
export function proposeField(column: ColumnProfile, context: ProposalContext): FieldProposal {
  const name = column.header.name.slice(0, 40);
  const type = proposeType(column, context);
  return { name, type, config: configFor(type, column, context) };
}

function proposeType(column: ColumnProfile, context: ProposalContext): FieldTypeName {
  const { shape, concept, filled, distinctTotal, header } = column;
  const wanted = concept?.type;
  if (shape.pictures >= 0.5) return 'image';
  // A handful of rows does not tell a list of options from names that happen to repeat.
  const few =
    filled >= 10 && distinctTotal <= maxOptions && distinctTotal <= Math.max(3, filled * 0.2) && shape.longest <= 20;
  if (column.list && column.list.length > 1 && (!wanted || wanted === 'select' || wanted === 'text')) return 'select';
  if (filled === 0) return wanted && wanted !== 'select' ? wanted : 'text';
  if (wanted === 'lastContact' && shape.date >= 0.5) return 'lastContact';
  if (wanted === 'datetime' && concept?.key === 'followTime' && shape.date >= 0.5) return 'datetime';
  if (wanted === 'phone' || wanted === 'email' || wanted === 'address' || wanted === 'tags' || wanted === 'longText')
    return wanted;
  if (wanted === 'money' && shape.number >= 0.5) return 'money';
  if (wanted === 'select' && distinctTotal <= maxOptions) return 'select';
  if (wanted === 'member') return 'member';
  if (shape.email >= 0.8) return 'email';
  if (shape.url >= 0.8) return 'url';
  if (isCode(column)) return 'text';
  if (shape.date >= 0.9 && !isPlainCount(column)) return shape.timed > 0 ? 'datetime' : 'date';
  if (shape.phone >= 0.8 || (shape.phone >= 0.5 && /电话|手机|座机/.test(header.name))) return 'phone';
  if (isShare(column)) return 'percent';
  if (isYesNo(column)) return 'switch';
  if (shape.number >= 0.9)
    return header.factor !== undefined || /金额|价|费|款|额|收入|成本/.test(header.name) ? 'money' : 'number';
  if (peopleShare(column, context) >= 0.8) return 'member';
  if (shape.separated >= 0.1 && shape.longest <= 60 && tagWords(column).size <= 60) return 'tags';
  if (few && wanted !== 'text') return 'select';
  return shape.breaks > 0 || shape.longest > 100 ? 'longText' : 'text';
}

/** Digits that name rather than count: they keep their zeros and are never added up. */
function isCode({ shape, header }: ColumnProfile): boolean {
  return (
    shape.leadingZero > 0 ||
    /编号|编码|代码|账号|帐号|卡号|税号|证号|单号|号$/.test(header.name) ||
    (shape.number >= 0.9 && shape.longest >= 12 && shape.decimals === 0 && shape.phone < 0.5)
  );
}

/** Five-digit numbers are both counts and serial days; only a name that speaks of time makes them dates. */
function isPlainCount({ shape, header }: ColumnProfile): boolean {
  return shape.number >= 0.9 && !/日期|时间|日$|date|time/i.test(header.name);
}

/** Written with %, or fractions under a name that speaks of shares: spreadsheets show such a 0.125 as 12.5%. */
function isShare({ shape, header }: ColumnProfile): boolean {
  if (shape.number < 0.9 || header.factor !== undefined) return false;
  const named = /率$|占比|比例|比重|百分比/.test(header.name);
  return shape.percent >= 0.5 || (named && shape.percent + shape.fraction >= 0.9 && shape.decimals > 0);
}

/** 是否…, or marks: a list of 是 and 否 under another name may get a third word one day. */
function isYesNo({ shape, header, distinct }: ColumnProfile): boolean {
  return (
    shape.yesNo === 1 &&
    shape.number === 0 &&
    (/是否|有无/.test(header.name) || distinct.some(({ text }) => /^[√✓✔☑×✗✘☐]$/.test(text.trim())))
  );
}

function peopleShare(column: ColumnProfile, context: ProposalContext): number {
  const people = column.distinct
    .filter(({ text }) => context.isPerson(text))
    .reduce((sum, { count }) => sum + count, 0);
  return column.filled === 0 ? 0 : people / column.filled;
}

function tagWords(column: ColumnProfile): Set<string> {
  return new Set(column.distinct.flatMap(({ text }) => text.split(/[,，;；、|\s]+/)));
}

function configFor(type: FieldTypeName, column: ColumnProfile, context: ProposalContext): Record<string, Json> {
  switch (type) {
    case 'select':
      return { options: optionsOf(column, context), ...(column.concept?.key === 'stage' && { stages: true }) };
    case 'text':
      return { maxLength: column.shape.longest > 200 ? 500 : 200 };
    case 'datetime':
      return { precision: column.shape.timed > 0 || column.concept?.key === 'followTime' ? 'minute' : 'day' };
    case 'money':
      return { display: (column.header.factor ?? 1) >= 10_000 ? 'wan' : 'yuan', ...digits(column, 4, places(column)) };
    case 'number':
      return { ...digits(column, 8), ...(/[%％]/.test(column.header.text) && { unit: '%' }) };
    case 'percent':
      // Its digits count per cent: 0.125 is 12.5%.
      return digits(column, 4, column.shape.percent > 0 ? 0 : 2);
    case 'tags':
      return { suggestions: [...tagWords(column)].filter((word) => word !== '' && word.length <= 30).slice(0, 20) };
    default:
      return {};
  }
}

const usualDecimals = 2;
/** 4 of 万元: amounts are kept in 元. */
const places = ({ header }: ColumnProfile): number => Math.round(Math.log10(header.factor ?? 1));

/**
 * Room for every digit that the column has, where two are too few: what does not fit would be rounded.
 * @param moved places by which the field counts less finely than the cells
 */
function digits({ shape }: ColumnProfile, most: number, moved = 0): Record<string, Json> {
  const decimals = Math.min(most, shape.decimals - moved);
  return decimals > usualDecimals ? { decimals } : {};
}

/** Options in their natural order; other writings of one (`a`, `B级`, `战略客户`) make none of their own. */
function optionsOf(column: ColumnProfile, context: ProposalContext): Json[] {
  const labels: string[] = (column.list ?? []).filter((label) => label.length <= 60).slice(0, maxListed);
  if (labels.length > 0) return labels.map(optionAt);
  const named = context.aliases.map((alias) => alias.option);
  const written = column.distinct
    .map(({ text }) => text)
    .filter((text) => !saysNothing(text) && !isFormulaError(text) && text.length <= 60);
  for (const label of [...named.filter((option) => written.includes(option)), ...written]) {
    const known = optionFinder(
      labels.map((id) => ({ id, label: id })),
      { timeZone: 'UTC', aliases: context.aliases },
    );
    if (labels.length < maxOptions && !known(label)) labels.push(label);
  }
  return labels.sort(orderOf(column, labels)).map(optionAt);
}

function optionAt(label: string, index: number): Json {
  return { id: label, label, color: optionColors[(index + 1) % optionColors.length] ?? 'gray' };
}

function orderOf(column: ColumnProfile, labels: readonly string[]): (a: string, b: string) => number {
  const order = column.concept?.order?.map(bare);
  if (order) {
    const rank = (label: string) => {
      const found = order.findIndex((word) => bare(label) === word || bare(label).includes(word));
      return found < 0 ? order.length : found;
    };
    return (a, b) => rank(a) - rank(b);
  }
  if (labels.every((label) => /\d/.test(label))) {
    // 50人以下 stands before 50-200人, 1000人以上 behind everything of 1000.
    const rank = (label: string) =>
      Number(/\d+/.exec(label)?.[0] ?? 0) +
      (/以下|以内|不足|</.test(label) ? -0.5 : /以上|超过|>/.test(label) ? 0.5 : 0);
    return (a, b) => rank(a) - rank(b);
  }
  if (labels.every((label) => /^[A-Za-z]/.test(label))) return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return () => 0;
}

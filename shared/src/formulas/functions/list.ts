import { Dec } from '../decimal.js';
import { fail } from '../faults.js';
import { common, type FormulaType, listOf, single } from '../types.js';
import {
  compareValues,
  isMoment,
  kindOf,
  numberOf,
  type Scalar,
  sameValue,
  textValue,
  toText,
  type Value,
} from '../values.js';
import { criterion } from './criterion.js';
import { type Argument, type FunctionDef, list, many, maybe, one, type RunContext } from './define.js';
import { numbersIn } from './number.js';

const items = (value: Argument) => value as readonly Scalar[];
const present = (value: Argument) => items(value).filter((item) => item !== null && item !== '');

function total(values: readonly Dec[], { at }: RunContext): Dec {
  return numberOf(
    values.reduce((sum, value) => sum.add(value), new Dec(0)),
    at,
  );
}

function mean(values: readonly Dec[], context: RunContext): Dec | null {
  return values.length === 0 ? null : total(values, context).div(values.length);
}

/** Sum of squared distances to the mean, for the two deviations. */
function spread(values: readonly Dec[], context: RunContext): Dec {
  const middle = mean(values, context) ?? new Dec(0);
  return values.reduce((sum, value) => sum.add(value.sub(middle).pow(2)), new Dec(0));
}

const overNumbers = (
  name: string,
  zh: string[],
  compute: (values: readonly Dec[], context: RunContext) => Value,
  aliases: string[] = [],
): FunctionDef => ({
  name,
  zh,
  aliases,
  category: 'list',
  params: [many('number')],
  repeat: 1,
  returns: 'number',
  run: ([values], context) => compute(numbersIn(values), context),
});

/** Smallest or largest of numbers or of dates; blanks do not count. */
const extreme = (name: string, zh: string[], sign: 1 | -1): FunctionDef => ({
  name,
  zh,
  category: 'list',
  params: [many('any')],
  repeat: 1,
  returns: (args) => {
    const kind = common(args.map((arg) => (arg.kind === 'boolean' ? 'number' : arg.kind)));
    return kind === undefined || kind === 'text' ? undefined : single(kind);
  },
  run: ([values], { zone, at }) =>
    present(values).reduce<Scalar>(
      (best, value) => (best === null || compareValues(value, best, zone, at) * sign < 0 ? value : best),
      null,
    ),
});

/** The n-th of the sorted numbers, from one end; blank when there are fewer. */
const ranked = (name: string, zh: string[], direction: 1 | -1): FunctionDef => ({
  name,
  zh,
  category: 'list',
  params: [list('number'), one('number')],
  returns: 'number',
  run: ([values, position]) => {
    const sorted = [...numbersIn(values)].sort((a, b) => a.cmp(b) * direction);
    return sorted[(position as Dec).toNumber() - 1] ?? null;
  },
});

const element = ([first]: readonly FormulaType[]) => first && single(first.kind);
const sameList = ([first]: readonly FormulaType[]) => first && listOf(first.kind);

/** Sum, average and count over the places where another list meets a criterion. */
function matching(values: Argument, wanted: Argument, result: Argument, context: RunContext): Scalar[] {
  const test = criterion(wanted as Scalar, context);
  const from = items(result ?? values);
  if (from.length !== items(values).length)
    fail('bad_argument', context.at, { name: context.name, detail: `${items(values).length} ≠ ${from.length}` });
  return from.filter((_, index) => test(items(values)[index] ?? null));
}

function unique(values: readonly Scalar[], { zone }: RunContext): Scalar[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const key = `${kindOf(value)}:${isMoment(value) && value.kind === 'datetime' ? value.ms : toText(value, zone)}`;
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}

export const listFunctions: readonly FunctionDef[] = [
  overNumbers('SUM', ['求和', '合计'], total),
  overNumbers('AVERAGE', ['平均值'], mean, ['AVG']),
  overNumbers('PRODUCT', ['乘积'], (values, { at }) =>
    values.length === 0
      ? new Dec(0)
      : numberOf(
          values.reduce((all, value) => numberOf(all.mul(value), at), new Dec(1)),
          at,
        ),
  ),
  overNumbers('MEDIAN', ['中位数'], (values) => {
    const sorted = [...values].sort((a, b) => a.cmp(b));
    const middle = sorted[Math.floor(sorted.length / 2)];
    const before = sorted[Math.floor((sorted.length - 1) / 2)];
    return middle && before ? middle.add(before).div(2) : null;
  }),
  overNumbers('STDEV', ['标准差'], (values, context) =>
    values.length < 2
      ? fail('divide_by_zero', context.at)
      : spread(values, context)
          .div(values.length - 1)
          .sqrt(),
  ),
  overNumbers('VAR', ['方差'], (values, context) =>
    values.length < 2 ? fail('divide_by_zero', context.at) : spread(values, context).div(values.length - 1),
  ),
  extreme('MIN', ['最小值'], 1),
  extreme('MAX', ['最大值'], -1),
  {
    name: 'COUNT',
    zh: ['计数', '个数'],
    aliases: ['COUNTA'],
    category: 'list',
    params: [many('any')],
    repeat: 1,
    returns: 'number',
    run: ([values]) => new Dec(present(values).length),
  },
  {
    name: 'COUNTBLANK',
    zh: ['空值个数'],
    category: 'list',
    params: [many('any')],
    repeat: 1,
    returns: 'number',
    run: ([values]) => new Dec(items(values).length - present(values).length),
  },
  {
    name: 'COUNTUNIQUE',
    zh: ['去重计数'],
    aliases: ['COUNTDISTINCT'],
    category: 'list',
    params: [many('any')],
    repeat: 1,
    returns: 'number',
    run: ([values], context) => new Dec(unique(present(values), context).length),
  },
  {
    name: 'COUNTIF',
    zh: ['条件计数'],
    category: 'list',
    params: [list('any'), one('any')],
    returns: 'number',
    run: ([values, wanted], context) => new Dec(matching(values, wanted, undefined, context).length),
  },
  {
    name: 'SUMIF',
    zh: ['条件求和'],
    category: 'list',
    params: [list('any'), one('any'), { wanted: 'number', shape: 'list', optional: true }],
    returns: 'number',
    run: ([values, wanted, result], context) => total(numbersIn(matching(values, wanted, result, context)), context),
  },
  {
    name: 'AVERAGEIF',
    zh: ['条件平均'],
    category: 'list',
    params: [list('any'), one('any'), { wanted: 'number', shape: 'list', optional: true }],
    returns: 'number',
    run: ([values, wanted, result], context) => mean(numbersIn(matching(values, wanted, result, context)), context),
  },
  {
    name: 'SUMPRODUCT',
    zh: ['乘积求和'],
    category: 'list',
    params: [list('number'), list('number')],
    returns: 'number',
    run: ([a, b], context) => {
      if (items(a).length !== items(b).length)
        fail('bad_argument', context.at, { name: context.name, detail: `${items(a).length} ≠ ${items(b).length}` });
      return total(
        items(a).map((value, index) => {
          const other = items(b)[index];
          return value instanceof Dec && other instanceof Dec ? value.mul(other) : new Dec(0);
        }),
        context,
      );
    },
  },
  ranked('LARGE', ['第几大'], -1),
  ranked('SMALL', ['第几小'], 1),
  {
    name: 'FIRST',
    zh: ['第一个'],
    category: 'list',
    params: [list('any')],
    returns: element,
    run: ([values]) => present(values)[0] ?? null,
  },
  {
    name: 'LAST',
    zh: ['最后一个'],
    category: 'list',
    params: [list('any')],
    returns: element,
    run: ([values]) => present(values).at(-1) ?? null,
  },
  {
    name: 'INDEX',
    zh: ['第几个'],
    category: 'list',
    params: [list('any'), one('number')],
    returns: element,
    run: ([values, position]) => items(values)[(position as Dec).toNumber() - 1] ?? null,
  },
  {
    name: 'UNIQUE',
    zh: ['去重'],
    category: 'list',
    params: [list('any')],
    returns: sameList,
    run: ([values], context) => unique(present(values), context),
  },
  {
    name: 'SORT',
    zh: ['排序'],
    category: 'list',
    params: [list('any'), maybe('boolean')],
    returns: sameList,
    run: ([values, descending], { zone, at }) =>
      [...present(values)].sort((a, b) => compareValues(a, b, zone, at) * (descending ? -1 : 1)),
  },
  {
    name: 'JOIN',
    zh: ['连接列表'],
    aliases: ['ARRAYJOIN'],
    category: 'list',
    params: [list('any'), maybe('text')],
    returns: 'text',
    run: ([values, separator], { zone, at }) =>
      textValue(
        present(values)
          .map((value) => toText(value, zone))
          .join(separator === undefined ? '、' : String(separator)),
        at,
      ),
  },
  {
    name: 'INCLUDES',
    zh: ['列表包含'],
    category: 'list',
    params: [list('any'), one('any')],
    returns: ([all, item]) => (all && item && common([all.kind, item.kind]) ? single('boolean') : undefined),
    run: ([values, wanted], { zone, at }) =>
      present(values).some((value) => sameValue(value, wanted as Scalar, zone, at)),
  },
];

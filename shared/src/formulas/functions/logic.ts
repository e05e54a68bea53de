import { FaultError, fail } from '../faults.js';
import { common, type FormulaType, single } from '../types.js';
import { compareValues, isList, type Scalar, sameValue, toBoolean, type Value } from '../values.js';
import { type FunctionDef, many, maybe, one, type RunContext, type Thunk } from './define.js';

/** One value: lists never reach here, the type check refuses them. */
function scalar(thunk: Thunk | undefined): Scalar {
  const value: Value = thunk ? thunk() : null;
  return isList(value) ? (value[0] ?? null) : value;
}

const truth = (thunk: Thunk | undefined, context: RunContext) => toBoolean(scalar(thunk), context.at);

function mix(types: readonly FormulaType[]): FormulaType | undefined {
  const kind = common(types.map((type) => type.kind));
  return kind && single(kind);
}

/** Bounds of the engine are no error of the data: no formula may swallow them. */
function mayBeCaught(error: unknown): boolean {
  return error instanceof FaultError && error.fault.code !== 'too_much_work';
}

export const logicFunctions: readonly FunctionDef[] = [
  {
    name: 'IF',
    zh: ['如果'],
    category: 'logic',
    params: [one('boolean'), one('any'), maybe('any')],
    returns: ([, ...rest]) => mix(rest),
    lazy: (args, context) => scalar(truth(args[0], context) ? args[1] : args[2]),
  },
  {
    name: 'IFS',
    zh: ['多条件'],
    category: 'logic',
    params: [one('boolean'), one('any')],
    repeat: 2,
    returns: (args) => mix(args.filter((_, index) => index % 2 === 1)),
    lazy: (args, context) => {
      for (let index = 0; index + 1 < args.length; index += 2)
        if (truth(args[index], context)) return scalar(args[index + 1]);
      return fail('no_match', context.at);
    },
  },
  {
    name: 'SWITCH',
    zh: ['匹配'],
    category: 'logic',
    params: [one('any'), one('any'), one('any')],
    repeat: 2,
    trailing: one('any'),
    returns: (args) => {
      const cases = args.slice(1);
      const whens = cases.filter((_, index) => index % 2 === 0 && index + 1 < cases.length);
      if (common([args[0]?.kind ?? 'blank', ...whens.map((type) => type.kind)]) === undefined) return undefined;
      return mix(cases.filter((_, index) => index % 2 === 1 || index + 1 === cases.length));
    },
    lazy: (args, context) => {
      const wanted = scalar(args[0]);
      for (let index = 1; index + 1 < args.length; index += 2)
        if (sameValue(wanted, scalar(args[index]), context.zone, context.at)) return scalar(args[index + 1]);
      return args.length % 2 === 0 ? scalar(args.at(-1)) : null;
    },
  },
  {
    name: 'AND',
    zh: ['且', '并且'],
    category: 'logic',
    params: [one('boolean')],
    repeat: 1,
    returns: 'boolean',
    lazy: (args, context) => args.every((arg) => truth(arg, context)),
  },
  {
    name: 'OR',
    zh: ['或', '或者'],
    category: 'logic',
    params: [one('boolean')],
    repeat: 1,
    returns: 'boolean',
    lazy: (args, context) => args.some((arg) => truth(arg, context)),
  },
  {
    name: 'NOT',
    zh: ['非'],
    category: 'logic',
    params: [one('boolean')],
    returns: 'boolean',
    run: ([value]) => !value,
  },
  {
    name: 'XOR',
    zh: ['异或'],
    category: 'logic',
    params: [many('boolean')],
    repeat: 1,
    returns: 'boolean',
    run: ([values]) => (values as Scalar[]).filter((value) => value === true).length % 2 === 1,
  },
  { name: 'TRUE', zh: ['真'], category: 'logic', params: [], returns: 'boolean', run: () => true },
  { name: 'FALSE', zh: ['假'], category: 'logic', params: [], returns: 'boolean', run: () => false },
  { name: 'BLANK', zh: ['空值'], category: 'logic', params: [], returns: 'blank', run: () => null },
  {
    name: 'ISBLANK',
    zh: ['为空'],
    aliases: ['ISEMPTY'],
    category: 'logic',
    params: [{ wanted: 'any', shape: 'list' }],
    returns: 'boolean',
    run: ([values]) => (values as Scalar[]).every((value) => value === null || value === ''),
  },
  {
    name: 'ISNOTBLANK',
    zh: ['不为空'],
    category: 'logic',
    params: [{ wanted: 'any', shape: 'list' }],
    returns: 'boolean',
    run: ([values]) => (values as Scalar[]).some((value) => value !== null && value !== ''),
  },
  {
    name: 'COALESCE',
    zh: ['首个非空'],
    aliases: ['IFBLANK'],
    category: 'logic',
    params: [one('any')],
    repeat: 1,
    returns: mix,
    lazy: (args) => {
      for (const arg of args) {
        const value = scalar(arg);
        if (value !== null && value !== '') return value;
      }
      return null;
    },
  },
  {
    name: 'IFERROR',
    zh: ['如果出错'],
    category: 'logic',
    params: [one('any'), maybe('any')],
    returns: mix,
    lazy: ([value, instead]) => {
      try {
        return scalar(value);
      } catch (error) {
        if (mayBeCaught(error)) return scalar(instead);
        throw error;
      }
    },
  },
  {
    name: 'ISERROR',
    zh: ['是否出错'],
    category: 'logic',
    params: [one('any')],
    returns: 'boolean',
    lazy: ([value]) => {
      try {
        scalar(value);
        return false;
      } catch (error) {
        if (mayBeCaught(error)) return true;
        throw error;
      }
    },
  },
  {
    name: 'BETWEEN',
    zh: ['介于'],
    category: 'logic',
    params: [one('any'), one('any'), one('any')],
    returns: (args) => (common(args.map((type) => type.kind)) ? single('boolean') : undefined),
    run: ([value, low, high], { zone, at }) =>
      value !== null &&
      compareValues(value as Scalar, low as Scalar, zone, at) >= 0 &&
      compareValues(value as Scalar, high as Scalar, zone, at) <= 0,
  },
  {
    name: 'ISIN',
    zh: ['属于'],
    category: 'logic',
    params: [one('any'), many('any')],
    repeat: 1,
    returns: (args) => (common(args.map((type) => type.kind)) ? single('boolean') : undefined),
    run: ([value, values], { zone, at }) =>
      (values as Scalar[]).some((item) => sameValue(value as Scalar, item, zone, at)),
  },
];

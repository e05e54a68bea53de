import { Dec } from '../decimal.js';
import { fail } from '../faults.js';
import { numberOf, type Scalar } from '../values.js';
import { type Argument, type FunctionDef, many, maybe, one, type RunContext } from './define.js';

const dec = (value: Argument): Dec => value as Dec;
/** A count of digits or places between -15 and 30. */
function places(value: Argument, { at, name }: RunContext): number {
  if (value === undefined) return 0;
  const n = dec(value).trunc().toNumber();
  if (n < -15 || n > 30) fail('bad_argument', at, { name, detail: dec(value).toFixed() });
  return n;
}

type Mode =
  | typeof Dec.ROUND_HALF_UP
  | typeof Dec.ROUND_UP
  | typeof Dec.ROUND_DOWN
  | typeof Dec.ROUND_CEIL
  | typeof Dec.ROUND_FLOOR;

/** Rounds to digits after the point; negative digits round to tens, hundreds … */
function rounded(value: Dec, digits: number, mode: Mode): Dec {
  if (digits >= 0) return value.toDecimalPlaces(digits, mode);
  const unit = new Dec(10).pow(-digits);
  return value.div(unit).toDecimalPlaces(0, mode).mul(unit);
}

/** The nearest multiple of a step in one direction; a step of 0 gives 0. */
function multiple(value: Dec, step: Dec, mode: Mode): Dec {
  return step.isZero() ? new Dec(0) : value.div(step.abs()).toDecimalPlaces(0, mode).mul(step.abs());
}

const rounding = (name: string, zh: string[], mode: Mode): FunctionDef => ({
  name,
  zh,
  category: 'number',
  params: [one('number'), maybe('number')],
  returns: 'number',
  run: ([value, digits], context) => rounded(dec(value), places(digits, context), mode),
});

const toStep = (name: string, zh: string[], mode: Mode): FunctionDef => ({
  name,
  zh,
  category: 'number',
  params: [one('number'), maybe('number')],
  returns: 'number',
  run: ([value, step]) => multiple(dec(value), step === undefined ? new Dec(1) : dec(step), mode),
});

const unary = (
  name: string,
  zh: string[],
  compute: (value: Dec, context: RunContext) => Dec,
  aliases: string[] = [],
): FunctionDef => ({
  name,
  zh,
  aliases,
  category: 'number',
  params: [one('number')],
  returns: 'number',
  run: ([value], context) => numberOf(compute(dec(value), context), context.at),
});

function divide(a: Dec, b: Dec, { at }: RunContext): Dec {
  if (b.isZero()) fail('divide_by_zero', at);
  return a.div(b);
}

/** Whole numbers only, as exact as decimals hold them. */
function whole(value: Dec, { at, name }: RunContext): bigint {
  if (value.abs().gte('1e30')) fail('number_too_big', at);
  if (!value.isInteger()) fail('bad_argument', at, { name, detail: value.toFixed() });
  return BigInt(value.abs().toFixed(0));
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

export function numbersIn(values: Argument): Dec[] {
  return (values as readonly Scalar[]).flatMap((value) => (value instanceof Dec ? [value] : []));
}

export const numberFunctions: readonly FunctionDef[] = [
  rounding('ROUND', ['四舍五入'], Dec.ROUND_HALF_UP),
  rounding('ROUNDUP', ['向上舍入'], Dec.ROUND_UP),
  rounding('ROUNDDOWN', ['向下舍入'], Dec.ROUND_DOWN),
  rounding('TRUNC', ['截断'], Dec.ROUND_DOWN),
  toStep('CEILING', ['向上取整'], Dec.ROUND_CEIL),
  toStep('FLOOR', ['向下取整'], Dec.ROUND_FLOOR),
  toStep('MROUND', ['取整到倍数'], Dec.ROUND_HALF_UP),
  unary('INT', ['取整'], (value) => value.floor()),
  unary('ABS', ['绝对值'], (value) => value.abs()),
  unary('SIGN', ['正负号'], (value) => new Dec(value.isZero() ? 0 : value.isNegative() ? -1 : 1)),
  unary('SQRT', ['平方根'], (value, { at, name }) =>
    value.isNegative() && !value.isZero() ? fail('bad_argument', at, { name, detail: value.toFixed() }) : value.sqrt(),
  ),
  unary('EXP', ['自然指数'], (value, { at }) =>
    value.gt(100) ? fail('number_too_big', at) : value.lt(-200) ? new Dec(0) : value.exp(),
  ),
  unary('LN', ['自然对数'], (value, { at, name }) =>
    value.lte(0) ? fail('bad_argument', at, { name, detail: value.toFixed() }) : value.ln(),
  ),
  unary('LOG10', ['常用对数'], (value, { at, name }) =>
    value.lte(0) ? fail('bad_argument', at, { name, detail: value.toFixed() }) : value.log(10),
  ),
  unary('EVEN', ['取偶'], (value) =>
    value
      .abs()
      .div(2)
      .ceil()
      .mul(2)
      .mul(value.isNegative() ? -1 : 1),
  ),
  unary('ODD', ['取奇'], (value) =>
    value
      .abs()
      .sub(1)
      .div(2)
      .ceil()
      .clamp(0, '1e40')
      .mul(2)
      .add(1)
      .mul(value.isNegative() ? -1 : 1),
  ),
  {
    name: 'LOG',
    zh: ['对数'],
    category: 'number',
    params: [one('number'), maybe('number')],
    returns: 'number',
    run: ([value, base], { at, name }) => {
      const of = base === undefined ? new Dec(10) : dec(base);
      if (dec(value).lte(0) || of.lte(0)) fail('bad_argument', at, { name, detail: dec(value).toFixed() });
      if (of.eq(1)) fail('divide_by_zero', at);
      return dec(value).log(of);
    },
  },
  {
    name: 'MOD',
    zh: ['余数'],
    category: 'number',
    params: [one('number'), one('number')],
    returns: 'number',
    // The remainder has the divisor's sign, as in spreadsheets.
    run: ([a, b], context) => {
      const quotient = divide(dec(a), dec(b), context).floor();
      return dec(a).sub(dec(b).mul(quotient));
    },
  },
  {
    name: 'QUOTIENT',
    zh: ['整除'],
    category: 'number',
    params: [one('number'), one('number')],
    returns: 'number',
    run: ([a, b], context) => divide(dec(a), dec(b), context).trunc(),
  },
  {
    name: 'DIVIDE',
    zh: ['相除'],
    category: 'number',
    params: [one('number'), one('number'), maybe('number')],
    returns: 'number',
    run: ([a, b, instead], context) =>
      dec(b).isZero() && instead !== undefined ? dec(instead) : divide(dec(a), dec(b), context),
  },
  {
    name: 'POWER',
    zh: ['乘方'],
    aliases: ['POW'],
    category: 'number',
    params: [one('number'), one('number')],
    returns: 'number',
    run: ([base, exponent], context) => power(dec(base), dec(exponent), context),
  },
  {
    name: 'PI',
    zh: ['圆周率'],
    category: 'number',
    params: [],
    returns: 'number',
    run: () => new Dec('3.14159265358979323846264338327950288420'),
  },
  {
    name: 'GCD',
    zh: ['最大公约数'],
    category: 'number',
    params: [many('number')],
    repeat: 1,
    returns: 'number',
    run: ([values], context) =>
      new Dec(
        numbersIn(values)
          .map((value) => whole(value, context))
          .reduce(gcd, 0n)
          .toString(),
      ),
  },
  {
    name: 'LCM',
    zh: ['最小公倍数'],
    category: 'number',
    params: [many('number')],
    repeat: 1,
    returns: 'number',
    run: ([values], context) => {
      const result = numbersIn(values)
        .map((value) => whole(value, context))
        .reduce((a, b) => {
          if (a === 0n || b === 0n) return 0n;
          const next = (a / gcd(a, b)) * b;
          return next > 10n ** 30n ? fail('number_too_big', context.at) : next;
        }, 1n);
      return new Dec(result.toString());
    },
  },
  {
    name: 'CLAMP',
    zh: ['限定范围'],
    category: 'number',
    params: [one('number'), one('number'), one('number')],
    returns: 'number',
    run: ([value, low, high], { at, name }) =>
      dec(low).gt(dec(high))
        ? fail('bad_argument', at, { name, detail: `${dec(low).toFixed()} > ${dec(high).toFixed()}` })
        : dec(value).clamp(dec(low), dec(high)),
  },
  {
    name: 'TAXOF',
    zh: ['税额'],
    category: 'number',
    params: [one('number'), one('number')],
    returns: 'number',
    // Tax contained in an amount that includes it, to the cent.
    run: ([amount, rate], context) => divide(dec(amount).mul(dec(rate)), dec(rate).add(1), context).toDecimalPlaces(2),
  },
];

/** `base ^ exponent`; roots of negative numbers and 0 to a negative power are refused. */
export function power(base: Dec, exponent: Dec, { at, name }: Pick<RunContext, 'at' | 'name'>): Dec {
  if (base.isZero() && exponent.isNegative()) fail('divide_by_zero', at);
  if (base.isNegative() && !exponent.isInteger()) fail('bad_argument', at, { name, detail: base.toFixed() });
  if (exponent.abs().gt(1000)) fail('number_too_big', at);
  return numberOf(base.pow(exponent), at);
}

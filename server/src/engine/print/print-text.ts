import type { Language } from '@lianke/shared/errors/issue-text';
import { type MoneyShape, moneyNumber, moneyUnit } from '@lianke/shared/fields/money/text';
import { groupThousands, roundNumeral } from '@lianke/shared/fields/number/numeral';
import { Dec } from '@lianke/shared/formulas/decimal';
import { amountInWords } from '@lianke/shared/formulas/functions/in-words';
import type { Json } from '@lianke/shared/json';
import { valueText } from '../flows/value-text.js';
import type { FieldMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';
import { printWords } from './words.js';

/** Ways of writing a value that a template may ask for, by the name it asks with. */
export const namedFormats = ['大写', '万元', '原值', '单位', '勾选', '二维码', '年月日'] as const;

const datePattern = /^(?=.*[yMdHm])[yMdHms年月日时分秒/\-.: ]+$/;
const widthPattern = /^(\d{1,3})\s*(?:mm|毫米)$/;

/** True for a format that values can be written in. */
export function knownFormat(format: string): boolean {
  return (namedFormats as readonly string[]).includes(format) || datePattern.test(format) || widthPattern.test(format);
}

/** The width in points that a template wants a picture to have. */
export function pictureWidth(format: string | undefined): number | undefined {
  const millimetres = format && widthPattern.exec(format)?.[1];
  return millimetres ? (Number(millimetres) / 25.4) * 72 : undefined;
}

/** A value as a reader gets it, in words. Templates write units themselves; without one the value is told whole. */
export function printText(
  field: FieldMeta,
  value: Json | undefined,
  timeZone: string,
  format?: string,
  language: Language = 'zh',
): string {
  if (value === null || value === undefined) return '';
  const named = labels(value, language);
  if (named !== undefined) return named;
  // Stars of a masked value are not to be computed with.
  if (typeof value === 'string' && value.includes('*')) return value;
  if (field.storage === 'numeric') return numberText(field, String(value), format, language);
  if (field.typeName === 'idNumber') return String(value);
  if (field.typeName === 'switch' && format === '勾选') return value === true ? '☑' : '☐';
  if (field.storage === 'date' || field.storage === 'timestamptz')
    return dateText(field, String(value), timeZone, format);
  if (field.part) return '';
  return valueText(field, value, { org: noOrg, timeZone, language, nameOf: () => '' });
}

const noOrg = { nameOf: () => '', departments: new Map() } as unknown as Org;

/** What references and files are called; undefined for any other value. */
function labels(value: Json, language: Language): string | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0 || typeof value[0] !== 'object') return undefined;
    return value
      .map((item) => labels(item, language) ?? '')
      .filter(Boolean)
      .join(printWords[language].pause);
  }
  if (value === null || typeof value !== 'object' || !('id' in value)) return undefined;
  return String(value.label ?? value.name ?? '');
}

function numberText(field: FieldMeta, value: string, format: string | undefined, language: Language): string {
  const amount = /^[+-]?\d+(\.\d+)?$/.test(value) ? new Dec(value) : undefined;
  if (!amount) return value;
  if (format === '大写') return amount.abs().gte('1e16') ? value : amountInWords(amount);
  if (format === '原值') return amount.toFixed();
  const { decimals, unit } = field.config as { decimals?: number; unit?: string };
  if (format === '万元')
    return moneyNumber(amount.toFixed(), { display: 'wan', decimals: Math.max(decimals ?? 2, 2) }, 'zh');
  if (field.typeName === 'percent') return `${groupThousands(amount.times(100).toFixed())}%`;
  if (field.typeName === 'rating') return amount.toFixed();
  if (field.typeName === 'money')
    return moneyOnPaper(amount.toFixed(), field, format === '单位' ? language : undefined);
  return `${groupThousands(amount.toFixed())}${format === '单位' ? (unit ?? '') : ''}`;
}

/** An amount as paper bears it: in full whatever screens shorten it to, with every digit of the field; with its unit in a language. */
export function moneyOnPaper(amount: string, { config }: Pick<FieldMeta, 'config'>, language?: Language): string {
  const { decimals = 2, currency } = config as MoneyShape;
  const text = groupThousands(roundNumeral(amount, decimals));
  return language ? `${text} ${moneyUnit({ currency }, language)}` : text;
}

function dateText(field: FieldMeta, value: string, timeZone: string, format: string | undefined): string {
  const withTime = field.storage === 'timestamptz';
  const parts = withTime ? partsIn(timeZone, value) : [...value.split('-'), '00', '00', '00'];
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  const pattern = format === '年月日' ? 'yyyy年M月d日' : format && datePattern.test(format) ? format : undefined;
  if (!pattern) return withTime ? `${year}-${month}-${day} ${hour}:${minute}` : value;
  const words: Record<string, string> = { y: year, M: month, d: day, H: hour, m: minute, s: second };
  return pattern.replace(/y+|M+|d+|H+|m+|s+/g, (run) => {
    const text = words[run[0] ?? ''] ?? '';
    if (run.startsWith('y')) return run.length <= 2 ? text.slice(-2) : text;
    return run.length === 1 ? String(Number(text)) : text;
  });
}

function partsIn(timeZone: string, instant: string): string[] {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  return ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
    (type) => parts.find((part) => part.type === type)?.value ?? '',
  );
}

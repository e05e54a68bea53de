import type { Words } from '@lianke/shared/errors/issue-text';
import { isCalendarDate } from '@lianke/shared/fields/date/value';
import type { TransformHow, VariableType } from '@lianke/shared/flows/nodes/variables';
import type { Json } from '@lianke/shared/json';
import { dateIn, startOfDate } from '@lianke/shared/time/zone';
import { Decimal } from 'decimal.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import type { Org } from '../org/org-directory.js';
import { memberCalled } from './people.js';
import { inside } from './run-values.js';

interface Env {
  ctx: TenantContext;
  org: Org;
}

const kinds: Record<VariableType, Words> = {
  text: { zh: '文本', en: 'a text' },
  number: { zh: '数字', en: 'a number' },
  date: { zh: '日期', en: 'a date' },
  datetime: { zh: '日期时间', en: 'a date and time' },
  switch: { zh: '是或否', en: 'yes or no' },
  member: { zh: '成员', en: 'a member' },
  list: { zh: '列表', en: 'a list' },
};

/** A value as a variable of this type keeps it. Throws `wrong_state` that names the variable when it is none. */
export function asVariable(item: { name: string; type: VariableType }, raw: Json, env: Env): Json {
  if (raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0)) return null;
  const value = converted(item.type, raw, env);
  if (value !== undefined) return value;
  const shown = (typeof raw === 'string' ? raw : JSON.stringify(raw)).slice(0, 60);
  const { zh, en } = kinds[item.type];
  throw refusal('wrong_state', {
    zh: `变量“${item.name}”要的是${zh}，得到的是“${shown}”`,
    en: `the variable "${item.name}" takes ${en} but was given "${shown}"`,
  });
}

function converted(type: VariableType, raw: Json, { ctx, org }: Env): Json | undefined {
  const [first] = Array.isArray(raw) ? raw : [raw];
  switch (type) {
    case 'text':
      return textOf(raw);
    case 'number':
      return numberOf(first);
    case 'date':
      return dateOf(first, (instant) => dateIn(ctx.timeZone, instant));
    case 'datetime':
      return typeof first === 'string' && isCalendarDate(first)
        ? startOfDate(ctx.timeZone, first).toISOString()
        : instantOf(first)?.toISOString();
    case 'switch':
      return switchOf(first);
    case 'member':
      return typeof first === 'string' ? memberCalled(org, first)[0] : undefined;
    case 'list':
      return (Array.isArray(raw) ? raw : [raw]).map(textOf);
  }
}

function textOf(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (Array.isArray(value)) return value.map(textOf).join('、');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function numberOf(value: Json | undefined): string | undefined {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value)
    .trim()
    .replace(/[,，\s]/g, '');
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? new Decimal(text).toFixed() : undefined;
}

function instantOf(value: Json | undefined): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return undefined;
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

function dateOf(value: Json | undefined, day: (instant: Date) => string): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (isCalendarDate(value)) return value;
  const instant = instantOf(value);
  return instant && day(instant);
}

const yes = ['true', '是', '1', 'yes', 'y'];
const no = ['false', '否', '0', 'no', 'n'];

function switchOf(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = String(value ?? '')
    .trim()
    .toLowerCase();
  if (yes.includes(text)) return true;
  return no.includes(text) ? false : undefined;
}

/** What 数据转换 makes of a value. `name` is said when it cannot be done. */
export function transformed(name: string, raw: Json, how: TransformHow): Json {
  switch (how.op) {
    case 'keep':
      return raw;
    case 'json':
      return how.path === '' ? parsed(name, raw) : placeIn(parsed(name, raw), how.path.split('.'));
    case 'join':
      return (Array.isArray(raw) ? raw : [raw]).map(textOf).join(how.by);
    case 'split': {
      const text = textOf(raw);
      const parts = text === '' ? [] : text.split(how.by).map((part) => part.trim());
      if (how.part === undefined || how.part === 0) return parts;
      return parts.at(how.part > 0 ? how.part - 1 : how.part) ?? null;
    }
    case 'replace':
      return textOf(raw).replaceAll(how.find, how.with);
    case 'cut': {
      const characters = [...textOf(raw)];
      const from = how.from - 1;
      return characters.slice(from, how.length === undefined ? undefined : from + how.length).join('');
    }
  }
}

function parsed(name: string, raw: Json): Json {
  if (typeof raw !== 'string') return raw;
  try {
    return JSON.parse(raw) as Json;
  } catch {
    throw refusal('wrong_state', {
      zh: `变量“${name}”的来源不是 JSON：“${raw.slice(0, 60)}”`,
      en: `the source of the variable "${name}" is not JSON: "${raw.slice(0, 60)}"`,
    });
  }
}

/** The value a path leads to; `*` stands for every item of a list. */
function placeIn(value: Json, path: readonly string[]): Json {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (head !== '*') return placeIn(inside(value, head), rest);
  return Array.isArray(value) ? value.flatMap((item) => placeIn(item, rest) ?? []) : null;
}

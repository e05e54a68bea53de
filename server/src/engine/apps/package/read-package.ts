import type { Readable } from 'node:stream';
import { type AppPackage, appPackage, maxPackageBytes, packageFormat } from '@lianke/shared/apps/package';
import type { Words } from '@lianke/shared/errors/issue-text';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { shapeError } from '../../../kernel/errors/shape-error.js';
import { keyFromName } from '../../forms/field-keys.js';
import { isObject } from './package-names.js';

/** No definition is nested deeper, and no package holds more values. */
const deepest = 60;
const mostValues = 1_000_000;

/** The bytes of an uploaded file; `too_large` as soon as it is. */
export async function packageBytes(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxPackageBytes)
      throw refusal('too_large', { zh: '应用包最大 10 MB', en: 'an app package may have at most 10 MB' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The package in a file. @throws AppError `invalid_file` that says what is wrong with it */
export function readPackage(bytes: Buffer): AppPackage {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // A package cut short still says what it is.
    const begun = /^\s*\{\s*"format"\s*:\s*"lianke-app\//.test(bytes.subarray(0, 200).toString('utf8'));
    fault(
      begun
        ? {
            zh: '应用包已损坏或不完整，请重新下载或导出',
            en: 'the package is damaged or cut short; download or export it again',
          }
        : notOne,
    );
  }
  return checkedPackage(raw);
}

/** A package that was parsed already. */
export function checkedPackage(raw: unknown): AppPackage {
  const format = isObject(raw) ? raw.format : undefined;
  if (!isObject(raw) || typeof format !== 'string' || !format.startsWith('lianke-app/')) fault(notOne);
  if (format !== packageFormat)
    fault({
      zh: `应用包的格式是 ${format.slice(0, 40)}，比本系统的 ${packageFormat} 新，请先升级本系统`,
      en: `the package has the format ${format.slice(0, 40)}, newer than ${packageFormat}; update this system first`,
    });
  refuseHostile(raw);
  const parsed = appPackage.safeParse(raw);
  if (!parsed.success) {
    const error = shapeError('invalid_definition', parsed.error, raw, { root: { zh: '应用包', en: 'the package' } });
    throw new AppError('invalid_file', error.params, error.more);
  }
  return named(parsed.data);
}

const notOne: Words = {
  zh: '这不是应用包。请选择“导出应用”得到的 .json 文件',
  en: 'this is no app package; choose a .json file that "Export app" made',
};

/** Walks without recursion: depth, number of values, and texts that the database cannot keep. */
function refuseHostile(raw: unknown): void {
  let values = 0;
  const text = (value: string) => {
    if (value.includes('\u0000') || !wellFormed(value))
      fault({ zh: '应用包里有无法保存的字符', en: 'the package holds characters that cannot be stored' });
  };
  const open: { value: unknown; depth: number }[] = [{ value: raw, depth: 0 }];
  for (let at = open.pop(); at; at = open.pop()) {
    if (++values > mostValues) fault({ zh: '应用包里的内容太多', en: 'the package holds too much' });
    if (at.depth > deepest) fault({ zh: '应用包里的内容嵌套太深', en: 'the package is nested too deep' });
    if (typeof at.value === 'string') text(at.value);
    else if (typeof at.value === 'object' && at.value !== null)
      for (const [key, value] of Object.entries(at.value)) {
        text(key);
        open.push({ value, depth: at.depth + 1 });
      }
  }
}

/** No half of a character that takes two units: such a half does not come back as it was. */
function wellFormed(value: string): boolean {
  return Buffer.from(value, 'utf8').toString('utf8') === value;
}

/** Every part with its key, none twice. Parts that a person wrote without one get it from their names. */
function named(pack: AppPackage): AppPackage {
  const withKeys = <Item extends { key?: string | undefined; name: string }>(
    list: readonly Item[],
    what: Words,
  ): (Item & { key: string })[] => {
    const taken = new Set(list.flatMap(({ key }) => key ?? []));
    unique(
      list.flatMap(({ key }) => key ?? []),
      what,
    );
    return list.map((item) => {
      const key = item.key ?? keyFromName(item.name, taken);
      taken.add(key);
      return { ...item, key };
    });
  };
  const keysOf = (list: readonly { key: string }[]) => list.map(({ key }) => key);
  unique(keysOf(pack.forms), { zh: '表单', en: 'form' });
  unique(
    pack.forms.map((form) => form.name),
    { zh: '表单名称', en: 'form name' },
  );
  unique(keysOf(pack.roles), { zh: '角色', en: 'role' });
  unique(keysOf(pack.targets), { zh: '目标', en: 'target' });
  unique(keysOf(pack.outside), { zh: '别的应用的表单', en: 'form of another app' });
  for (const form of pack.through?.forms ?? []) for (const field of form.fields) requireKeys(form.name, field);
  return {
    ...pack,
    forms: pack.forms.map((form) => {
      unique(keysOf(form.prints), { zh: '打印模板', en: 'print template' });
      for (const field of form.fields) requireKeys(form.name, field);
      return { ...form, views: withKeys(form.views, { zh: '视图', en: 'view' }) };
    }),
    flows: withKeys(pack.flows, { zh: '流程', en: 'flow' }),
    dashboards: withKeys(pack.dashboards, { zh: '看板', en: 'dashboard' }),
  };
}

/** Everything refers to fields by their keys, so each has one, those of subforms' rows too. */
function requireKeys(form: string, field: unknown): void {
  const { key, name, type, config } = (isObject(field) ? field : {}) as Record<string, unknown>;
  if (typeof key !== 'string')
    fault({
      zh: `表单“${form}”的字段“${String(name).slice(0, 40)}”没有标识`,
      en: `field "${String(name).slice(0, 40)}" of form "${form}" has no key`,
    });
  if (type === 'subform' && isObject(config) && Array.isArray(config.fields))
    for (const row of config.fields) requireKeys(form, row);
}

function unique(keys: readonly string[], what: Words): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined)
    fault({
      zh: `应用包里${what.zh}“${twice}”出现了两次`,
      en: `the package has the ${what.en} "${twice}" twice`,
    });
}

function fault(words: Words): never {
  throw refusal('invalid_file', words);
}

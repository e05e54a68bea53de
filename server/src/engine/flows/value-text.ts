import type { Language } from '@lianke/shared/errors/issue-text';
import { addressText } from '@lianke/shared/fields/address/value';
import type { CascaderOption } from '@lianke/shared/fields/cascader/schema';
import { pathText } from '@lianke/shared/fields/cascader/value';
import { maskIdNumber } from '@lianke/shared/fields/id-number/value';
import { type MoneyShape, moneyText } from '@lianke/shared/fields/money/text';
import { groupThousands } from '@lianke/shared/fields/number/numeral';
import { percentOf } from '@lianke/shared/fields/percent/value';
import { richPlainText } from '@lianke/shared/fields/rich-text/value';
import type { Json } from '@lianke/shared/json';
import { dateIn } from '@lianke/shared/time/zone';
import type { FieldMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';

/** Between several of a list. */
const pause = { zh: '、', en: ', ' } as const;

/** A canonical value as people read it in titles, cards and trial runs. `nameOf` names related records. */
export function valueText(
  field: Pick<FieldMeta, 'typeName' | 'config' | 'storage'>,
  value: Json | undefined,
  env: { org: Org; timeZone: string; language: Language; nameOf(recordId: string): string },
): string {
  if (value === null || value === undefined) return '';
  const { language } = env;
  switch (field.typeName) {
    case 'members':
      return (value as string[]).map((id) => env.org.nameOf(id)).join(pause[language]);
    case 'departments':
      return (value as string[]).map((id) => env.org.departments.get(id as never)?.name ?? '').join(pause[language]);
    case 'relations':
      return (value as string[]).map((id) => env.nameOf(id)).join(pause[language]);
    case 'cascader':
      return pathText(String(value), (field.config as { options: CascaderOption[] }).options);
    case 'percent':
      return `${groupThousands(percentOf(String(value)))}%`;
    case 'rating':
      return { zh: `${String(value)} 分`, en: `${String(value)} stars` }[language];
    case 'dateRange':
      return String(value).replace('/', ' ~ ');
    case 'richText':
      return richPlainText(String(value));
    case 'idNumber':
      return maskIdNumber(String(value));
    case 'image':
      return counted(value, { zh: '{n} 张图片', en: 'Pictures: {n}' }[language]);
    case 'signature':
      return { zh: '已签名', en: 'Signed' }[language];
    case 'member':
      return env.org.nameOf(String(value));
    case 'department':
      return env.org.departments.get(value as never)?.name ?? '';
    case 'relation':
      return env.nameOf(String(value));
    case 'select':
      return optionLabel(field, String(value));
    case 'multiSelect':
      return (value as string[]).map((id) => optionLabel(field, id)).join(pause[language]);
    case 'money':
      return moneyText(String(value), field.config as MoneyShape, language);
    case 'number':
    case 'slider':
      return `${groupThousands(String(value))}${(field.config as { unit?: string }).unit ?? ''}`;
    case 'switch':
      return yesNo(value === true, language);
    case 'address':
      return addressText(value as Record<string, string>);
    case 'location':
      return String(
        (value as { name?: string; address?: string }).name ?? (value as { address?: string }).address ?? '',
      );
    case 'attachment':
      return counted(value, { zh: '{n} 个附件', en: 'Files: {n}' }[language]);
    case 'datetime':
    case 'lastContact':
      return `${dateIn(env.timeZone, new Date(String(value)))} ${timeIn(env.timeZone, String(value))}`;
    default:
      return Array.isArray(value) ? value.join(pause[language]) : String(value);
  }
}

/** A yes or no as people read it. */
export function yesNo(value: boolean, language: Language): string {
  return value ? { zh: '是', en: 'Yes' }[language] : { zh: '否', en: 'No' }[language];
}

function counted(value: Json, text: string): string {
  return text.replace('{n}', String(Array.isArray(value) ? value.length : 0));
}

function optionLabel(field: Pick<FieldMeta, 'config'>, id: string): string {
  const { options } = field.config as { options?: { id: string; label: string }[] };
  return options?.find((option) => option.id === id)?.label ?? id;
}

function timeIn(zone: string, instant: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(
    new Date(instant),
  );
}

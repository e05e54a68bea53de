import { cellText } from '@lianke/shared/fields/sheet-text';
import type { CompiledSheet, CompiledTarget } from '../plan/compiled.js';

const maxTitle = 200;

/** What stands for a row's record in its own column, or nothing when no column names it. */
export function titleText(target: CompiledTarget, sheet: CompiledSheet, at: number): string {
  return target.title?.column ? cellText(sheet.rows.at(at)?.[target.title.column.index] ?? null).trim() : '';
}

/** The name of a record that no column names: 巴比食品的商机. */
export function derivedTitle(name: string, target: Pick<CompiledTarget, 'formName'>): string {
  const what = target.formName.replace(/(信息表|登记表|信息|管理|表)$/, '') || target.formName;
  return `${[...name].slice(0, maxTitle - what.length - 1).join('')}的${what}`;
}

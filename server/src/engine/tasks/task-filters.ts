import type { FlowId, FormId } from '@lianke/shared/ids';
import type { TaskFilters } from '@lianke/shared/tasks/api';
import { addDays, startOfDate } from '@lianke/shared/time/zone';

import type { SqlValue } from '../../kernel/database/tx.js';

/** Optional parts of a query's filters as a parsed query string has them. */
export type Filters = { [Key in keyof TaskFilters]?: TaskFilters[Key] | undefined };

/** Values of a statement, numbered as they are added. */
export class Values {
  readonly list: SqlValue[] = [];

  /** Adds a value; answers its place (`$3`). */
  add(value: SqlValue): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

interface Columns {
  flow: string;
  form: string;
  at: string;
}

/** Conditions of flow, form and dates (whole days of the company's zone), each beginning with ` AND `. */
export function filterSql(filters: Filters, zone: string, columns: Columns, values: Values): string {
  const parts = [
    filters.flowId && `${columns.flow} = ${values.add(filters.flowId satisfies FlowId)}::uuid`,
    filters.formId && `${columns.form} = ${values.add(filters.formId satisfies FormId)}::uuid`,
    filters.from && `${columns.at} >= ${values.add(startOfDate(zone, filters.from))}`,
    filters.to && `${columns.at} < ${values.add(startOfDate(zone, addDays(filters.to, 1)))}`,
  ];
  return parts.flatMap((part) => (part ? ` AND ${part}` : [])).join('');
}

/** One of the columns holds the words, whatever the case; nothing when there are no words. */
export function searchSql(search: string | undefined, columns: readonly string[], values: Values): string {
  const words = search?.trim();
  if (!words) return '';
  const at = values.add(`%${words.replace(/[\\%_]/g, '\\$&')}%`);
  return ` AND (${columns.map((column) => `${column} ILIKE ${at}`).join(' OR ')})`;
}

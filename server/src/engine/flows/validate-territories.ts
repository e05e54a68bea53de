import { citiesOf, districtsOf, provinces } from '@lianke/shared/fields/address/regions';
import type { CascaderConfig } from '@lianke/shared/fields/cascader/schema';
import { findPath } from '@lianke/shared/fields/cascader/value';
import type { FlowNode } from '@lianke/shared/flows/definition';
import { coveredAreas, territoryFields, unreachableRows } from '@lianke/shared/flows/territories';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';

type Assign = Extract<FlowNode, { type: 'assign' }>;

/** What is wrong with a table of territories: areas and people that are gone, and rows that never get anything. */
export function territoryFaults(node: Assign, form: FormMeta, org: Org): string[] {
  const field = form.field(node.by ?? '');
  if (!field || !territoryFields.includes(field.typeName)) return ['请选择按哪个地址、单选或级联字段分地区'];
  const rows = node.territories ?? [];
  if (rows.length === 0) return ['地区表还没有一行'];
  const faults: string[] = [];
  for (const [index, row] of rows.entries()) {
    const at = `地区表第 ${index + 1} 行`;
    if (row.areas.length === 0) faults.push(`${at}还没有选地区`);
    for (const area of row.areas)
      if (!known(field, area)) faults.push(`${at}的“${textOf(field, area)}”已不在可选范围里`);
    if (row.members.length === 0 && row.departments.length === 0) faults.push(`${at}还没有选分给谁`);
    if (row.members.some((id) => org.members.get(id as never)?.state !== 'active'))
      faults.push(`${at}的成员里有人已离职，请换一位`);
    if (row.departments.some((id) => !org.departments.has(id as never))) faults.push(`${at}的部门里有一个已删除`);
  }
  const covered = coveredAreas(field.typeName, rows);
  const never = unreachableRows(rows, covered);
  for (const row of never) faults.push(`地区表第 ${row + 1} 行永远轮不到：它的地区都已包含在前面的行里`);
  for (const { row, area, by } of covered)
    if (!never.includes(row)) {
      const name = textOf(field, area);
      const where = by === row ? '在这一行里重复了' : `已包含在第 ${by + 1} 行里，只会按那一行分`;
      faults.push(`地区表第 ${row + 1} 行的“${name}”${where}`);
    }
  return faults;
}

const optionsIn = (field: FieldMeta): CascaderConfig['options'] =>
  (field.config as Partial<CascaderConfig>).options ?? [];

function known(field: FieldMeta, area: string): boolean {
  if (field.typeName !== 'address') {
    const steps = field.typeName === 'cascader' ? area.split('/') : [area];
    return findPath(steps, optionsIn(field)) !== undefined;
  }
  const [province = '', city, district] = area.split('/');
  if (!provinces().includes(province)) return false;
  if (city !== undefined && !citiesOf(province).includes(city)) return false;
  return district === undefined || districtsOf(province, city).includes(district);
}

function textOf(field: FieldMeta, area: string): string {
  if (field.typeName === 'address') return area.replaceAll('/', ' ');
  const steps = field.typeName === 'cascader' ? area.split('/') : [area];
  const path = findPath(steps, optionsIn(field));
  return path ? path.map((option) => option.label).join(' / ') : area;
}

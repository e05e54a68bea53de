import type { Words } from '@lianke/shared/errors/issue-text';
import { citiesOf, districtsOf, provinces } from '@lianke/shared/fields/address/regions';
import type { CascaderConfig } from '@lianke/shared/fields/cascader/schema';
import { findPath } from '@lianke/shared/fields/cascader/value';
import type { FlowNode } from '@lianke/shared/flows/definition';
import { coveredAreas, territoryFields, unreachableRows } from '@lianke/shared/flows/territories';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';

type Assign = Extract<FlowNode, { type: 'assign' }>;

/** What is wrong with a table of territories: areas and people that are gone, and rows that never get anything. */
export function territoryFaults(node: Assign, form: FormMeta, org: Org): Words[] {
  const field = form.field(node.by ?? '');
  if (!field || !territoryFields.includes(field.typeName))
    return [
      {
        zh: '请选择按哪个地址、单选或级联字段分地区',
        en: 'Choose the address, select or cascading select field that tells the territory',
      },
    ];
  const rows = node.territories ?? [];
  if (rows.length === 0) return [{ zh: '地区表还没有一行', en: 'The table of territories has no row yet' }];
  const faults: Words[] = [];
  for (const [index, row] of rows.entries()) {
    const add = (zh: string, en: string) => faults.push(ofRow(index, zh, en));
    if (row.areas.length === 0) add('还没有选地区', 'has no areas yet');
    for (const area of row.areas)
      if (!known(field, area)) {
        const name = textOf(field, area);
        add(`的“${name}”已不在可选范围里`, `has "${name}", which can no longer be chosen; remove it`);
      }
    if (row.members.length === 0 && row.departments.length === 0) add('还没有选分给谁', 'does not say yet who gets it');
    if (row.members.some((id) => org.members.get(id as never)?.state !== 'active'))
      add('的成员里有人已离职，请换一位', 'has a member who has left; choose another');
    if (row.departments.some((id) => !org.departments.has(id as never)))
      add('的部门里有一个已删除', 'has a department that was deleted; choose another');
  }
  const covered = coveredAreas(field.typeName, rows);
  const never = unreachableRows(rows, covered);
  for (const row of never)
    faults.push(
      ofRow(
        row,
        '永远轮不到：它的地区都已包含在前面的行里',
        'never gets anything: rows before it have all of its areas',
      ),
    );
  for (const { row, area, by } of covered)
    if (!never.includes(row)) {
      const name = textOf(field, area);
      faults.push(
        by === row
          ? ofRow(row, `的“${name}”在这一行里重复了`, `has "${name}" twice; remove one`)
          : ofRow(
              row,
              `的“${name}”已包含在第 ${by + 1} 行里，只会按那一行分`,
              `has "${name}", which row ${by + 1} has already and which only goes by that row`,
            ),
      );
    }
  return faults;
}

const ofRow = (row: number, zh: string, en: string): Words => ({
  zh: `地区表第 ${row + 1} 行${zh}`,
  en: `Row ${row + 1} of the territories ${en}`,
});

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

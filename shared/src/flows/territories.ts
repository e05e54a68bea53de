import { citiesOf, provinceOf, provinces } from '../fields/address/regions.js';
import type { FieldTypeName } from '../fields/registry.js';
import type { Json } from '../json.js';

/** Fields by whose value records can be shared out among territories. */
export const territoryFields: readonly FieldTypeName[] = ['address', 'select', 'cascader'];

/** An area is a place from its widest part down: `广东省/深圳市`, ids of options joined by `/`. */
type Area = string;

interface Territory {
  areas: readonly Area[];
}

/** People write 广东 and 广东省, 新疆 and 新疆维吾尔自治区; for a territory both are one. */
const ending = /(?:维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|省|市)$/;
const bare = (name: string): string => (name.length > 2 ? name.replace(ending, '') : name);

function isMunicipality(province: string): boolean {
  const full = provinces().find((name) => bare(name) === bare(province));
  return full !== undefined && citiesOf(full).length === 1 && citiesOf(full)[0] === full;
}

/** Parts of an address from its province down, as far as they are known without a gap. */
function partsOfAddress(value: Json): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const part = (name: string) => (typeof value[name] === 'string' ? value[name].trim() : '');
  const city = part('city');
  const province = part('province') || provinceOf(city) || provinceOf(`${city}市`) || '';
  const whole = [province, city || (province && isMunicipality(province) ? province : ''), part('district')];
  const gap = whole.indexOf('');
  return gap < 0 ? whole : whole.slice(0, gap);
}

/** Where a stored value lies, in the parts by which areas are compared; empty when that is not known. */
export function placeOf(type: FieldTypeName, value: Json): string[] {
  if (type === 'address') return partsOfAddress(value).map(bare);
  if (typeof value !== 'string' || value === '') return [];
  return type === 'cascader' ? value.split('/') : [value];
}

/** An area's parts, compared like a place's. */
export function partsOfArea(type: FieldTypeName, area: Area): string[] {
  if (type === 'address') return area.split('/').map(bare);
  return type === 'cascader' ? area.split('/') : [area];
}

const within = (place: readonly string[], area: readonly string[]): boolean =>
  area.length > 0 && area.length <= place.length && area.every((part, index) => part === place[index]);

/** The first territory that a place lies in; rules are read in order. */
export function territoryOf<T extends Territory>(
  type: FieldTypeName,
  territories: readonly T[],
  place: readonly string[],
): T | undefined {
  return territories.find((item) => item.areas.some((area) => within(place, partsOfArea(type, area))));
}

/** An area that never counts, because a row before (or its own row) has it, or all around it. Rows from 0. */
export interface CoveredArea {
  row: number;
  area: Area;
  by: number;
}

/** Every area that is covered already. A narrower area before a wider one is how exceptions are written, and no fault. */
export function coveredAreas(type: FieldTypeName, territories: readonly Territory[]): CoveredArea[] {
  const before: { row: number; parts: string[] }[] = [];
  const covered: CoveredArea[] = [];
  for (const [row, { areas }] of territories.entries())
    for (const area of areas) {
      const parts = partsOfArea(type, area);
      const by = before.find((other) => within(parts, other.parts));
      if (by) covered.push({ row, area, by: by.row });
      before.push({ row, parts });
    }
  return covered;
}

/** Rows that no record ever reaches: everything they name is covered by rows before. */
export function unreachableRows(territories: readonly Territory[], covered: readonly CoveredArea[]): number[] {
  return territories.flatMap(({ areas }, row) =>
    areas.length > 0 && covered.filter((item) => item.row === row && item.by < row).length === areas.length
      ? [row]
      : [],
  );
}

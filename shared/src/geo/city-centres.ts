import { type GeoBox, inBox } from './box.js';
import { cityCentresData } from './city-centres-data.js';
import type { Point } from './gcj02.js';

export interface CityCentre extends Point {
  /** As addresses name it: 「杭州市」. */
  name: string;
  /** As maps label it: 「杭州」. */
  short: string;
  /** First city of its province. */
  capital: boolean;
}

let list: readonly CityCentre[] | undefined;
let named: ReadonlyMap<string, CityCentre> | undefined;

/** Every city whose centre is known. */
export function cityCentres(): readonly CityCentre[] {
  list ??= cityCentresData.split('\n').flatMap((line) =>
    line
      .slice(line.indexOf(':') + 1)
      .split(';')
      .map((entry, index) => {
        const [name = '', place = ''] = entry.split('=');
        const [lng = 0, lat = 0] = place.split(',').map(Number);
        return {
          name,
          short: name.length > 2 ? name.replace(/(市|地区|盟)$/, '') : name,
          capital: index === 0,
          lat,
          lng,
        };
      }),
  );
  return list;
}

function byName(): ReadonlyMap<string, CityCentre> {
  named ??= new Map(cityCentres().flatMap((city) => [[city.short, city] as const, [city.name, city] as const]));
  return named;
}

/** What an address is placed by: its city, or its province where that is a city itself. */
export function cityOf(address: { province?: string; city?: string }): string | undefined {
  return address.city ? address.city : address.province;
}

/** The centre of the city an address lies in; undefined when it names none that is known. */
export function centreOf(address: { province?: string; city?: string }): CityCentre | undefined {
  return byName().get(cityOf(address) ?? '');
}

/** Names that addresses may have for a known city, each with its centre. */
export function cityNames(): ReadonlyMap<string, CityCentre> {
  return byName();
}

/** Names of the cities whose centre lies in a box. */
export function citiesWithin(box: GeoBox): string[] {
  return [...byName()].filter(([, city]) => inBox(box, city)).map(([name]) => name);
}

import { regionsData } from './regions-data.js';

let parsed: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> | undefined;

function all(): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  parsed ??= new Map(
    regionsData.split('\n').map((line) => {
      const [province = '', cities = ''] = line.split(':');
      return [
        province,
        new Map(
          cities.split(';').map((entry) => {
            const [city = '', districts = ''] = entry.split('=');
            return [city, districts === '' ? [] : districts.split(',')] as const;
          }),
        ),
      ] as const;
    }),
  );
  return parsed;
}

/** Every province, municipality, autonomous and special administrative region. */
export function provinces(): string[] {
  return [...all().keys()];
}

/** Cities of a province; of every province when it is not known. */
export function citiesOf(province: string | undefined): string[] {
  const cities = province === undefined ? undefined : all().get(province);
  return cities ? [...cities.keys()] : [...all().values()].flatMap((each) => [...each.keys()]);
}

/** Districts of a city, also without its province; none of a city that is not known. */
export function districtsOf(province: string | undefined, city: string | undefined): string[] {
  if (city === undefined) return [];
  const own = province === undefined ? undefined : all().get(province)?.get(city);
  return [...(own ?? [...all().values()].find((each) => each.has(city))?.get(city) ?? [])];
}

/** The province a city lies in; undefined when none or several have one of this name. */
export function provinceOf(city: string): string | undefined {
  const found = [...all()].filter(([, cities]) => cities.has(city));
  return found.length === 1 ? found[0]?.[0] : undefined;
}

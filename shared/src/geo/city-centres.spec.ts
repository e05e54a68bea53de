import { expect, it } from 'vitest';
import { citiesOf, provinces } from '../fields/address/regions.js';
import { centreOf, citiesWithin, cityCentres, cityOf } from './city-centres.js';

it('knows where nearly every city of the address field lies, and no name stands for two', () => {
  const known = new Set(cityCentres().map((city) => city.name));
  const cities = provinces().flatMap((province) => citiesOf(province));
  expect(cities.filter((city) => !known.has(city))).toEqual(['新星市', '白杨市']);
  expect([...known].filter((name) => !cities.includes(name))).toEqual([]);
  expect(known.size).toBe(cityCentres().length);
  const shorts = cityCentres().map((city) => city.short);
  expect(new Set(shorts).size).toBe(shorts.length);
  for (const { name, lat, lng } of cityCentres())
    expect([name, lat > 15 && lat < 54, lng > 73 && lng < 135.1]).toEqual([name, true, true]);
  expect(cityCentres().filter((city) => city.capital)).toHaveLength(provinces().length);
});

it('places an address by its city, with or without its last character, and by a municipality as province', () => {
  expect(centreOf({ province: '浙江省', city: '杭州市' })).toMatchObject({ short: '杭州', lat: 30.29, lng: 120.15 });
  expect(centreOf({ city: '杭州' })?.name).toBe('杭州市');
  expect(centreOf({ province: '上海市', city: '' })?.name).toBe('上海市');
  expect([centreOf({ province: '浙江省' }), centreOf({})]).toEqual([undefined, undefined]);
  expect(cityOf({ province: '上海市' })).toBe('上海市');
});

it('finds the cities of a box', () => {
  expect(citiesWithin([121, 31, 122, 31.5]).sort()).toEqual(['上海', '上海市']);
  expect(citiesWithin([0, 0, 1, 1])).toEqual([]);
});

import { expect, it } from 'vitest';
import { citiesOf, districtsOf, provinceOf, provinces } from './regions.js';

it('knows every province, and each name fits the parts of an address', () => {
  expect(provinces()).toHaveLength(34);
  for (const province of provinces()) {
    const cities = citiesOf(province);
    expect([province, cities.length > 0]).toEqual([province, true]);
    for (const city of cities) {
      for (const name of [province, city, ...districtsOf(province, city)]) {
        expect(name).toMatch(/^[\p{Script=Han}（）]{2,30}$/u);
      }
    }
  }
});

it('leads from province to city to district, and back from a city', () => {
  expect(citiesOf('浙江省')).toContain('杭州市');
  expect(districtsOf('浙江省', '杭州市')).toContain('滨江区');
  expect(districtsOf(undefined, '杭州市')).toContain('滨江区');
  expect(districtsOf('上海市', '上海市')).toContain('浦东新区');
  expect(citiesOf('海南省')).toContain('文昌市');
  expect(citiesOf('新疆维吾尔自治区')).toContain('石河子市');
  expect([provinceOf('成都市'), provinceOf('没有市')]).toEqual(['四川省', undefined]);
});

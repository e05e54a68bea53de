import { describe, expect, it } from 'vitest';
import { companyKey } from './company-key.js';

describe('the key of a company name', () => {
  it.each([
    ['上海华兴科技有限公司', '华兴科技有限责任公司'],
    ['上海市浦东新区华兴（集团）有限公司', '华兴集团有限责任公司'],
    ['广东省深圳市 华兴 科技股份有限公司', '华兴科技'],
    ['ＡＢＣ（中国）有限公司', 'abc中国有限公司'],
    ['Acme Co., Ltd.', 'ACME'],
    ['北京百度网讯科技有限公司', '百度网讯科技公司'],
    ['【华兴】科技-有限公司', '华兴科技'],
  ])('%s is %s', (one, other) => {
    expect(companyKey(one)).toBe(companyKey(other));
  });

  it.each([
    ['华兴科技有限公司', '华兴贸易有限公司'],
    ['华兴有限公司', '华兴有限公司上海分公司'],
    ['上海公司', '北京公司'],
    ['城市之光传媒', '之光传媒'],
  ])('%s is not %s', (one, other) => {
    expect(companyKey(one)).not.toBe(companyKey(other));
  });
});

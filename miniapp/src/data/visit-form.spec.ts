import { describe, expect, test } from 'vitest';
import { field, form } from '../../test/forms.js';
import { visitFields } from './visit-form.js';

const customer = form('customer', '客户信息表', []);
const toCustomer = () => field('relation', 'customer', '客户', { config: { formId: customer.id } });

describe('which field of a follow-up form holds what', () => {
  test('the template’s form', () => {
    const followUp = form('followUp', '跟进记录', [
      toCustomer(),
      field('datetime', 'time', '跟进时间'),
      field('select', 'way', '跟进方式', {
        config: {
          options: [
            { id: '电话', label: '电话' },
            { id: '上门拜访', label: '上门拜访' },
          ],
        },
      }),
      field('text', 'content', '内容摘要'),
      field('text', 'next', '下一步计划'),
      field('date', 'nextDate', '下次联系日期'),
      field('location', 'place', '定位'),
      field('attachment', 'photos', '照片'),
      field('longText', 'detail', '详细记录'),
    ]);
    const fields = visitFields(followUp, customer.id);
    expect(
      [fields?.content, fields?.at, fields?.plan, fields?.nextAt, fields?.place, fields?.photos].map(
        (item) => item?.key,
      ),
    ).toEqual(['content', 'time', 'next', 'nextDate', 'place', 'photos']);
    expect(fields?.method).toMatchObject({ visit: '上门拜访' });
  });

  test('a form built by hand, known by the names of its fields', () => {
    const built = form('genjin', '跟进记录', [
      field('text', 'biaoti', '标题'),
      field('longText', 'neirong', '跟进内容'),
      field('datetime', 'xiaci', '下次跟进时间'),
      field('datetime', 'shijian', '跟进时间'),
      toCustomer(),
    ]);
    const fields = visitFields(built, customer.id);
    expect([fields?.content.key, fields?.at?.key, fields?.nextAt?.key]).toEqual(['neirong', 'shijian', 'xiaci']);
    expect(fields?.place).toBeUndefined();
  });

  test('without a customer, or with nothing writable to say, no visit can be logged', () => {
    expect(visitFields(form('a', 'a', [field('text', 'content', '内容')]), customer.id)).toBeUndefined();
    const locked = form('b', 'b', [toCustomer(), field('text', 'content', '内容', { writable: false })]);
    expect(visitFields(locked, customer.id)).toBeUndefined();
  });
});

// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { field, form } from '../../../test/forms.js';
import { Subject } from './subject.js';

const contract = form('contract', '合同', [
  field('text', 'name', '合同名称'),
  field('text', 'party', '对方'),
  field('text', 'margin', '毛利'),
]);
const subject = { formId: contract.id as string, id: 'r1', label: '年框合同' };
const record = {
  id: 'r1',
  version: 1,
  label: '年框合同',
  values: { name: '年框合同', party: '宁德时代', margin: '三成' },
};
const answers = {
  'GET /apps': () => ({ items: [], cursor: null }),
  'GET /forms': () => ({ items: [contract], cursor: null }),
  [`GET /forms/${contract.id}/records/r1`]: () => record,
};

test('what the node hides is not on the approval page', async () => {
  const page = draw(<Subject subject={subject} rights={{ margin: 'hide' }} />, answers);
  await page.shows('宁德时代');
  expect(page.text()).not.toContain('毛利');
});

test('a node that hides nothing shows every field', async () => {
  const page = draw(<Subject subject={subject} rights={{ margin: 'read' }} />, answers);
  await page.shows('毛利三成');
});

test('a record that the approver may not see is said to be out of reach (there was an empty card)', async () => {
  const page = draw(<Subject subject={{ ...subject, label: '' }} rights={{}} />, {
    ...answers,
    [`GET /forms/${contract.id}/records/r1`]: () => 404,
  });
  await page.shows('没有查看权限');
});

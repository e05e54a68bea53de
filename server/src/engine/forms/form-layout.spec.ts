import { createFormBody, type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { RecordWriter } from '../records/record-writer.js';
import { readableLayout } from './form-layout.js';
import { FormsService } from './forms.service.js';
import { FieldUses } from './uses/field-uses.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
const when = { field: 'kind', op: 'eq', value: '企业' };

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  form = await engine.get(FormsService).create(
    await tenant.ctx(),
    createFormBody.parse({
      appId: await tenant.app(),
      name: '客户',
      fields: [
        { key: 'title', name: '名称', type: 'text' },
        { key: 'kind', name: '类型', type: 'text' },
        { key: 'taxNo', name: '税号', type: 'text', rules: { required: true } },
      ],
      layout: {
        sections: [
          {
            title: '基本',
            tab: '基本信息',
            items: [
              { field: '名称' },
              {
                element: {
                  id: 'e_words',
                  kind: 'text',
                  content:
                    '<h2>填表须知</h2><img src=x onerror=alert(1)><p onclick="x()">如实<b>填写</b></p><script>1</script>',
                },
                span: 2,
              },
            ],
          },
          {
            title: '开票',
            tab: '开票信息',
            visibleWhen: when,
            items: [
              { element: { id: 'e_line', kind: 'divider', content: ' 以下必填 ', visibleWhen: when } },
              { field: 'taxNo' },
            ],
          },
        ],
      },
    }),
  );
});
afterAll(() => engine.close());

const change = async (layout: object, fields?: unknown[]) =>
  engine
    .get(FormsService)
    .update(await tenant.ctx(), form.id, updateFormBody.parse({ layout, ...(fields && { fields }) }));
const create = async (values: object) => {
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: form.id,
    op: 'create',
    rows: [{ values: values as never }],
  });
  const [result] = results;
  return result?.error?.fields?.map((error) => `${error.field}: ${error.code}`) ?? result?.status;
};

describe('a form’s layout', () => {
  it('keeps words as a rich text may hold them, and conditions by field id', () => {
    const [basic, invoice] = form.layout.sections;
    const kind = form.fields.find((field) => field.key === 'kind')?.id;
    expect(basic).toMatchObject({ tab: '基本信息' });
    expect(basic?.items[1]).toMatchObject({
      element: { content: '<h2>填表须知</h2><p>如实<strong>填写</strong></p>' },
      span: 2,
    });
    expect(invoice).toMatchObject({ visibleWhen: { ...when, field: kind } });
    expect(invoice?.items[0]).toMatchObject({ element: { content: '以下必填', visibleWhen: { field: kind } } });
  });

  it('asks nothing of fields in a section whose condition does not hold', async () => {
    expect(await create({ title: '张三', kind: '个人' })).toBe('created');
    expect(await create({ title: '百度', kind: '企业' })).toEqual(['taxNo: required']);
    expect(await create({ title: '百度', kind: '企业', taxNo: '91' })).toBe('created');
  });

  it('refuses empty words, ids that stand twice and conditions on fields that are not there', async () => {
    const words = (id: string, content: string) => ({ element: { id, kind: 'text', content } });
    const refused = (section: object) => expect(change({ sections: [{ items: [], ...section }] })).rejects;
    await refused({ items: [words('e_none', '<script>x</script>')] }).toThrow(/说明文字没有内容/);
    await refused({ items: [words('e_same', 'a'), words('e_same', 'b')] }).toThrow(/重复/);
    await refused({ title: '开票', visibleWhen: { field: 'nope', op: 'eq', value: 1 } }).toThrow(/分组“开票”/);
  });

  it('names its conditions among the uses of a field, which then cannot go', async () => {
    const uses = await engine.get(FieldUses).of(await tenant.ctx(), form.id, ['kind']);
    expect(uses).toContainEqual(expect.objectContaining({ kind: 'rule', name: '开票' }));
    const left = form.fields
      .filter((field) => !field.system && field.key !== 'kind')
      .map(({ writable: _, ...field }) => field);
    await expect(
      engine.get(FormsService).update(await tenant.ctx(), form.id, updateFormBody.parse({ fields: left })),
    ).rejects.toThrow(/没有字段/);
  });

  it('tells readers of fewer fields neither the condition nor what hangs on it', () => {
    const ids = new Set(form.fields.filter((field) => field.key !== 'kind').map((field) => field.id as string));
    const [, invoice] = readableLayout(form.layout, ids).sections;
    expect(invoice).not.toHaveProperty('visibleWhen');
    expect(invoice?.items.some((item) => 'element' in item)).toBe(false);
  });
});

import type { FormSettings, FormView } from '@lianke/shared/forms/definition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { FormsService } from './forms.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;

const fields = [
  { key: 'name', name: '名称', type: 'text' },
  { key: 'day', name: '日期', type: 'date' },
  { key: 'done', name: '完成', type: 'switch' },
  { key: 'state', name: '状态', type: 'select', config: { options: ['开', '关'].map((id) => ({ id, label: id })) } },
  { key: 'phone', name: '电话', type: 'phone' },
] as const;
const task = { title: 'name', owner: 'owner', due: 'day', done: 'done' };

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '事项',
    fields: fields as never,
    settings: { titleField: 'name', summaryFields: ['day', 'createdAt'], task },
  });
});
afterAll(() => engine.close());

const id = (key: string) => form.fields.find((field) => field.key === key)?.id as string;
const update = async (body: object) => engine.get(FormsService).update(await tenant.ctx(), form.id, body as never);

describe('the settings of a form', () => {
  it('keep field references as ids', () => {
    expect(form.settings).toEqual({
      titleField: id('name'),
      summaryFields: [id('day'), 'createdAt'],
      task: { title: id('name'), owner: 'owner', due: id('day'), done: id('done') },
    });
  });

  it.each<[string, Partial<FormSettings>, string, string, string]>([
    ['an unknown title field', { titleField: 'nobody' }, 'settings.titleField', 'unknown_field', 'nobody'],
    ['a title of several numbers', { titleField: 'phone' }, 'settings.titleField', 'wrong_type', '电话'],
    ['an unknown summary field', { summaryFields: ['day', 'gone'] }, 'settings.summaryFields', 'unknown_field', 'gone'],
    ['a task without its title field', { task: { ...task, title: 'x' } }, 'settings.task.title', 'unknown_field', 'x'],
    ['a task whose due date is text', { task: { ...task, due: 'name' } }, 'settings.task.due', 'wrong_type', '名称'],
    ['a task owned by a date', { task: { ...task, owner: 'day' } }, 'settings.task.owner', 'wrong_type', '日期'],
    ['a task done by text', { task: { ...task, done: 'name' } }, 'settings.task.done', 'wrong_type', '名称'],
    ['a task about a switch', { task: { ...task, subject: 'done' } }, 'settings.task.subject', 'wrong_type', '完成'],
    [
      'a task done by a select without an option',
      { task: { ...task, done: 'state' } },
      'settings.task.doneOption',
      'unknown_option',
      '哪个选项',
    ],
    [
      'a task done by an option that is not there',
      { task: { ...task, done: 'state', doneOption: '没有' } },
      'settings.task.doneOption',
      'unknown_option',
      '没有',
    ],
  ])(
    'with %s are refused by the setting at fault, on changing and on creating',
    async (_, settings, place, code, says) => {
      const refusal = {
        code: 'invalid_definition',
        params: { detail: expect.stringContaining(says) },
        more: { fields: [expect.objectContaining({ field: place, code })] },
      };
      const whole = { summaryFields: [], ...settings } as FormSettings;
      await expect(update({ settings: whole })).rejects.toMatchObject(refusal);
      const body = { appId: form.appId, name: '另一个', fields: fields as never, settings: whole };
      await expect(tenant.form(body)).rejects.toMatchObject(refusal);
      expect(await engine.get(FormsService).list(await tenant.ctx())).toHaveLength(1);
    },
  );

  it('take a select with its option that means done', async () => {
    const changed = await update({
      settings: { summaryFields: [], task: { ...task, done: 'state', doneOption: '关' } },
    });
    expect(changed.settings.task).toMatchObject({ done: id('state'), doneOption: '关' });
    form = await update({ settings: { titleField: 'name', summaryFields: ['phone'], task } });
  });

  it('that nobody sent give up a removed title, and hold a field that tasks need', async () => {
    const without = (...keys: string[]) =>
      form.fields
        .filter((field) => !field.system && !keys.includes(field.key))
        .map(({ writable: _, ...field }) => field);
    await expect(update({ fields: without('done') })).rejects.toMatchObject({
      params: { detail: expect.stringContaining('字段“完成”正用作任务完成') },
      more: { fields: [{ field: 'settings.task.done', code: 'unknown_field' }] },
    });
    const changed = await update({ fields: without('phone') });
    expect(changed.settings).toMatchObject({ titleField: id('name'), summaryFields: [], task: { done: id('done') } });
  });
});

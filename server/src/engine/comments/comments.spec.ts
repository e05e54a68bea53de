import type { FormView } from '@lianke/shared/forms/definition';
import type { CommentId, MemberId, RecordId } from '@lianke/shared/ids';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { type ChineseNotification, inChinese } from '../../../test/support/in-chinese.js';
import type { TenantContext } from '../context.js';
import { type Notification, Notifier } from '../ports.js';
import { RecordWriter } from '../records/record-writer.js';
import { CommentsModule } from './comments.module.js';
import { CommentsService } from './comments.service.js';

class RecordingNotifier extends Notifier {
  readonly sent: ChineseNotification[] = [];
  async enqueue(_tx: unknown, _ctx: TenantContext, notification: Notification): Promise<void> {
    this.sent.push(inChinese(notification));
  }
  async update(): Promise<void> {}
}
const notifier = new RecordingNotifier();

@Module({ providers: [{ provide: Notifier, useValue: notifier }], exports: [Notifier] })
class NotifierModule {}

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let record: RecordId;
let seeing: MemberId;
let blind: MemberId;

beforeAll(async () => {
  engine = await createTestEngine(undefined, [{ module: NotifierModule, global: true } as never, CommentsModule]);
  tenant = await engine.tenant('comments');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  seeing = await tenant.memberWith('王芳', { [form.id]: { actions: ['view'], scope: 'all' } });
  blind = await tenant.memberWith('李伟', { [form.id]: { actions: ['view'], scope: 'own' } });
  const writer = engine.get(RecordWriter);
  record = (
    await writer.writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row: { values: { name: '华兴' } } })
  ).id;
});
afterAll(() => engine.close());

const comments = () => engine.get(CommentsService);

describe('comments', () => {
  it('tell the mentioned who may see the record, once, and say who was not told', async () => {
    const made = await comments().create(
      await tenant.ctx(),
      form.id,
      record,
      `@[${seeing}] @[${blind}] @[${seeing}] 请看报价`,
    );
    expect(made.mentions).toEqual([
      { id: seeing, label: '王芳', told: true },
      { id: blind, label: '李伟', told: false },
    ]);
    expect(notifier.sent).toHaveLength(1);
    expect(notifier.sent[0]).toMatchObject({
      to: [seeing],
      about: { kind: 'record', id: record },
      card: { title: '管理员在评论中提到了你', description: '@王芳 @李伟 @王芳 请看报价' },
    });
    const edited = await comments().update(await tenant.ctx(), made.id, `@[${seeing}] 报价改了`);
    expect(edited).toMatchObject({ text: `@[${seeing}] 报价改了`, mine: true });
    expect(edited.editedAt).not.toBeNull();
    expect(notifier.sent).toHaveLength(1);
  });

  it('are read and written by whoever sees the record, and changed by their author alone', async () => {
    const theirs = await tenant.ctx(seeing);
    const made = await comments().create(theirs, form.id, record, '收到');
    expect((await comments().list(theirs, form.id, record)).items[0]).toMatchObject({ text: '收到', mine: true });
    await expect(comments().update(await tenant.ctx(), made.id, '改')).rejects.toMatchObject({ code: 'forbidden' });
    const outside = await tenant.ctx(blind);
    await expect(comments().list(outside, form.id, record)).rejects.toMatchObject({ code: 'not_found' });
    await expect(comments().create(outside, form.id, record, '看不到')).rejects.toMatchObject({ code: 'not_found' });
    await expect(comments().remove(outside, made.id)).rejects.toMatchObject({ code: 'not_found' });
    await comments().remove(await tenant.ctx(), made.id);
    expect((await comments().list(theirs, form.id, record)).items.map((item) => item.id)).not.toContain(made.id);
  });

  it('are read page by page, also past one that was taken away meanwhile (those over 500 were never shown)', async () => {
    const ctx = await tenant.ctx();
    const { id } = await engine
      .get(RecordWriter)
      .writeOne(ctx, { formId: form.id, op: 'create', row: { values: { name: '大有' } } });
    for (let n = 1; n <= 120; n++) await comments().create(ctx, form.id, id, `第 ${n} 条`);
    const first = await comments().list(ctx, form.id, id);
    expect([first.items.length, first.items[0]?.text]).toEqual([50, '第 120 条']);
    await comments().remove(ctx, first.items.at(-1)?.id as CommentId);
    const second = await comments().list(ctx, form.id, id, first.cursor ?? '');
    const third = await comments().list(ctx, form.id, id, second.cursor ?? '');
    const texts = [...first.items, ...second.items, ...third.items].map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: 120 }, (_, at) => `第 ${120 - at} 条`));
    expect(third.cursor).toBeNull();
    await expect(comments().list(ctx, form.id, id, 'nonsense')).rejects.toMatchObject({ code: 'invalid_cursor' });
  });
});

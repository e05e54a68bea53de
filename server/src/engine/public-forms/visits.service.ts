import type { FieldError } from '@lianke/shared/errors/codes';
import type { Words } from '@lianke/shared/errors/issue-text';
import { laidField } from '@lianke/shared/forms/layout';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { SubmitBody, UploadKind } from '@lianke/shared/public-forms/api';
import type { publicPage } from '@lianke/shared/public-forms/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { verify } from '@node-rs/argon2';
import type { z } from 'zod';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { viewOf } from '../forms/form-view.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { offeredNow } from '../records/write/picks.js';
import { publicFields, visitorAccess } from './public-access.js';
import type { InviteMark, PublicFormRow } from './public-form-row.js';
import { PublicSeal } from './seal.js';
import { VisitDoor, type Visitor } from './visit-door.js';
import { VisitorFiles } from './visitor-files.js';

const submitted: Words = { zh: '提交成功', en: 'Submitted' };

const accepts: Record<UploadKind, string> = {
  image: 'image/*',
  pdf: '.pdf',
  office: '.docx,.xlsx,.pptx,.txt,.csv',
  any: '',
};

/** What visitors of a link may do: see the page, choose, upload, submit. Nothing else of the company can be reached. */
@Injectable()
export class VisitsService {
  constructor(
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly door: VisitDoor,
    private readonly files: VisitorFiles,
    private readonly seal: PublicSeal,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The page. Without the password only its heading. */
  async open(
    token: string,
    visitor: Visitor,
    given: { password?: string | undefined; pass?: string | undefined },
  ): Promise<z.output<typeof publicPage>> {
    await this.door.take('open', token, visitor);
    const visit = await this.door.visit(token);
    const { row, form, ctx, invite } = visit;
    this.door.requireOpen(ctx, row, invite);
    const { settings } = row;
    const page = {
      title: settings.title || form.name,
      intro: settings.intro,
      timeZone: ctx.timeZone,
      prefill: settings.prefill,
      pickers: settings.pickers,
      uploads: {
        accept: settings.uploads.kinds.includes('any')
          ? ''
          : settings.uploads.kinds.map((kind) => accepts[kind]).join(','),
        maxMb: settings.uploads.maxMb,
        maxFiles: settings.uploads.maxFiles,
      },
    };
    let pass: string | null = null;
    if (row.password_hash !== null) {
      if (given.password !== undefined) {
        await this.door.take('password', token, visitor);
        if (!(await verify(row.password_hash, given.password))) throw new AppError('wrong_link_password');
      } else if (!this.seal.passed(row.id, row.password_hash, given.pass))
        return { ...page, state: 'password', intro: '', pickers: [], pass, captcha: null, form: null };
      pass = this.seal.pass(row.id, row.password_hash);
    }
    const access = visitorAccess(form, settings, await this.registry.all(ctx));
    const { fields, layout, settings: shown } = viewOf(form, access(form));
    const order = publicFields(form, settings).map((field) => field.id as string);
    return {
      ...page,
      state: 'open',
      pass,
      captcha: settings.captcha ? this.seal.captcha(row.id) : null,
      form: {
        fields: [...fields].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)) as never,
        // Words stand only beside fields that visitors fill in.
        layout: { sections: layout.sections.filter((section) => section.items.some(laidField)) },
        settings: { ...shown, task: undefined },
      },
    };
  }

  async captcha(token: string, visitor: Visitor): Promise<{ key: string; svg: string }> {
    await this.door.take('open', token, visitor);
    return this.seal.captcha((await this.door.visit(token)).row.id);
  }

  /** Records that a visitor may choose: their titles, nothing else. */
  async pick(
    token: string,
    visitor: Visitor,
    given: { pass?: string | undefined; field: string; search: string; values?: Record<string, Json> | undefined },
  ): Promise<{ id: string; label: string }[]> {
    await this.door.take('pick', token, visitor);
    const { ctx, row, form } = await this.door.entered(token, given.pass);
    const open = publicFields(form, row.settings);
    const field = open.find((item) => item.id === given.field || item.key === given.field);
    if (field?.type.refers !== 'record') throw new AppError('not_found');
    const search = given.search.trim();
    const { formId } = field.config as { formId: FormId };
    const target = (await this.registry.all(ctx)).get(formId);
    // Only what stands on the page decides: nobody outside may ask by a field that he is not shown.
    const decided = (own: FieldMeta) => {
      const value = open.includes(own) ? (given.values?.[own.key] ?? given.values?.[own.id]) : undefined;
      const parsed = value === undefined ? undefined : own.type.parse(value, own.config);
      return parsed?.ok ? parsed.value : undefined;
    };
    const filter = target && offeredNow(form, field, target, decided);
    const page = await this.reader.query(ctx, formId, {
      ...(filter ? { filter } : {}),
      fields: [],
      limit: 20,
      total: false,
      ...(search ? { search } : {}),
    });
    return page.items.map(({ id, label }) => ({ id, label }));
  }

  /** Creates the record by the one write path, with the rights of a visitor. */
  async submit(
    token: string,
    visitor: Visitor,
    body: SubmitBody,
  ): Promise<{ title: string; text: string; again: boolean }> {
    await this.door.take('submit', token, visitor);
    const { ctx, row, form, invite } = await this.door.entered(token, body.pass, body.id);
    const { settings } = row;
    if (settings.captcha && !(await this.seal.solved(row.id, body.captcha))) throw new AppError('wrong_captcha');
    const mark = this.seal.mark('visitor', visitor.mark);
    const values = await this.files.ownOnly(ctx, row, form, mark, body.values as Record<string, Json>);
    const forms = await this.registry.all(ctx);
    const request = {
      formId: form.id,
      op: 'create' as const,
      row: { ...(body.id ? { id: body.id } : {}), values },
      accessOf: visitorAccess(form, settings, forms),
      ...(settings.ownerId ? { ownedBy: settings.ownerId } : {}),
    };
    let again = true;
    try {
      await this.writer.writeOne(ctx, request, {
        before: async (tx) => {
          const [now] = await tx.sql<
            Pick<PublicFormRow, 'enabled' | 'settings' | 'submissions'> & { mine: number; again: boolean }
          >(
            `SELECT p.enabled, p.settings, p.submissions,
               (SELECT count(*)::int FROM lianke.public_submission s WHERE s.public_form_id = p.id AND s.visitor = $2) AS mine,
               EXISTS (SELECT 1 FROM lianke.public_submission s WHERE s.public_form_id = p.id AND s.record_id = $3) AS again
             FROM lianke.public_form p WHERE p.id = $1 FOR UPDATE OF p`,
            [row.id, mark, body.id ?? null],
          );
          if (!now) throw new AppError('not_found');
          if (now.again) return;
          const held = invite && (await this.door.lockInvite(tx, invite.id));
          this.door.requireOpen(ctx, now, held);
          const { maxPerVisitor, maxTotal } = now.settings;
          if (maxPerVisitor !== null && now.mine >= maxPerVisitor)
            throw refusal('public_form_closed', {
              zh: `你已提交 ${now.mine} 次，不能再提交了`,
              en: `you have submitted it ${now.mine} times, it takes no more of you`,
            });
          again =
            !invite &&
            (maxPerVisitor === null || now.mine + 1 < maxPerVisitor) &&
            (maxTotal === null || now.submissions + 1 < maxTotal);
        },
        after: (tx, written) => this.record(tx, ctx, row, written.id, mark, visitor, invite),
      });
    } catch (error) {
      throw this.forVisitors(form, row, error);
    }
    return {
      title: settings.success.title || submitted[visitor.language],
      text: settings.success.text,
      again,
    };
  }

  private async record(
    tx: Tx,
    ctx: TenantContext,
    row: PublicFormRow,
    recordId: RecordId,
    mark: string,
    visitor: Visitor,
    invite: InviteMark | undefined,
  ): Promise<void> {
    const added = await tx.run(
      `INSERT INTO lianke.public_submission (tenant_id, id, public_form_id, record_id, visitor, address, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [ctx.tenantId, uuid7(), row.id, recordId, mark, this.seal.mark('address', visitor.address), this.clock.now()],
    );
    if (added > 0 && invite)
      await tx.run('UPDATE lianke.public_invite SET used_at = $2, record_id = $3 WHERE id = $1', [
        invite.id,
        this.clock.now(),
        recordId,
      ]);
    if (added > 0)
      await tx.run('UPDATE lianke.public_form SET submissions = submissions + 1, last_at = $2 WHERE id = $1', [
        row.id,
        this.clock.now(),
      ]);
  }

  /** Faults of fields that visitors do not see are the publisher's to mend. */
  private forVisitors(form: FormMeta, row: PublicFormRow, error: unknown): unknown {
    if (!(error instanceof AppError) || !error.more.fields) return error;
    const hidden = new Set(form.fields.map((field) => field.key));
    for (const field of publicFields(form, row.settings)) hidden.delete(field.key);
    const told: FieldError[] = error.more.fields.filter(
      (item) => item.code === 'unknown_field' || !hidden.has(item.field),
    );
    if (told.length > 0) return new AppError(error.code, error.params, { fields: told });
    return refusal('public_form_closed', {
      zh: '表单还要求外链里没有的内容，请联系发布者',
      en: 'the form asks for what this link does not offer; tell whoever sent it',
    });
  }
}

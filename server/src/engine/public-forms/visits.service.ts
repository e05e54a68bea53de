import { Readable } from 'node:stream';
import type { FieldError } from '@lianke/shared/errors/codes';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { FileView } from '@lianke/shared/files/api';
import { laidField } from '@lianke/shared/forms/layout';
import { type FileId, type FormId, isUuid, type RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { SubmitBody, UploadKind } from '@lianke/shared/public-forms/api';
import type { publicPage } from '@lianke/shared/public-forms/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { verify } from '@node-rs/argon2';
import type { z } from 'zod';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { RateLimiter, RateRule } from '../../kernel/redis/rate-limiter.js';
import { CLOCK, RATE_LIMITER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { FilesService } from '../files/files.service.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { viewOf } from '../forms/form-view.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { offeredBy } from '../records/write/picks.js';
import { publicFields, visitorAccess } from './public-access.js';
import {
  closedWords,
  type InviteMark,
  invitedOnlyWords,
  type PublicFormRow,
  spentWords,
  stateOf,
} from './public-form-row.js';
import { PublicSeal } from './seal.js';

const submitted: Words = { zh: '提交成功', en: 'Submitted' };

/** Who is there: a mark in the browser's cookie, the address and the language, all as they came. */
export interface Visitor {
  mark: string;
  address: string;
  language: Language;
}

interface Visit {
  ctx: TenantContext;
  row: PublicFormRow;
  form: FormMeta;
  /** Absent for the common address. */
  invite?: InviteMark | undefined;
}

/** Stands for a file that is not the visitor's: the write path answers as it does for one that does not exist. */
const noFile = (at: number) => `00000000-0000-0000-0000-${String(at).padStart(12, '0')}`;
const minute = 60_000;
/** By address and link; an office behind one address fills in a form together. */
const limits = {
  open: { limit: 120, windowMs: minute },
  password: { limit: 10, windowMs: 10 * minute },
  pick: { limit: 60, windowMs: minute },
  upload: { limit: 60, windowMs: 10 * minute },
  submit: { limit: 30, windowMs: 5 * minute },
} as const satisfies Record<string, RateRule>;

const kinds: Record<UploadKind, (mime: string) => boolean> = {
  image: (mime) => mime.startsWith('image/'),
  pdf: (mime) => mime === 'application/pdf',
  office: (mime) => mime.startsWith('application/vnd.openxmlformats-officedocument.') || mime === 'text/plain',
  any: () => true,
};
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
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly files: FilesService,
    private readonly seal: PublicSeal,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The page. Without the password only its heading. */
  async open(
    token: string,
    visitor: Visitor,
    given: { password?: string | undefined; pass?: string | undefined },
  ): Promise<z.output<typeof publicPage>> {
    await this.take('open', token, visitor);
    const visit = await this.visit(token);
    const { row, form, ctx, invite } = visit;
    this.requireOpen(ctx, row, invite);
    const { settings } = row;
    const page = {
      title: settings.title || form.name,
      intro: settings.intro,
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
        await this.take('password', token, visitor);
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
    await this.take('open', token, visitor);
    return this.seal.captcha((await this.visit(token)).row.id);
  }

  /** Records that a visitor may choose: their titles, nothing else. */
  async pick(
    token: string,
    visitor: Visitor,
    given: { pass?: string | undefined; field: string; search: string },
  ): Promise<{ id: string; label: string }[]> {
    await this.take('pick', token, visitor);
    const { ctx, row, form } = await this.entered(token, given.pass);
    const field = publicFields(form, row.settings).find((item) => item.id === given.field || item.key === given.field);
    if (field?.type.refers !== 'record') throw new AppError('not_found');
    const search = given.search.trim();
    const { formId } = field.config as { formId: FormId };
    const target = (await this.registry.all(ctx)).get(formId);
    const filter = target && offeredBy(field, target);
    const page = await this.reader.query(ctx, formId, {
      ...(filter ? { filter } : {}),
      fields: [],
      limit: 20,
      total: false,
      ...(search ? { search } : {}),
    });
    return page.items.map(({ id, label }) => ({ id, label }));
  }

  /** Keeps a file for this visitor's submission; nobody else can refer to it, and nobody outside can read it again. */
  async upload(
    token: string,
    visitor: Visitor,
    pass: string | undefined,
    name: string,
    content: Readable,
  ): Promise<FileView> {
    await this.take('upload', token, visitor);
    const { ctx, row, form } = await this.entered(token, pass);
    if (!publicFields(form, row.settings).some((field) => field.type.refers === 'file'))
      throw new AppError('not_found');
    const { maxMb, kinds: allowed } = row.settings.uploads;
    const file = await this.files.upload(ctx, name, Readable.from(bounded(content, maxMb)));
    if (!allowed.some((kind) => kinds[kind](file.mime))) {
      await this.database.withTenant(ctx, (tx) => tx.run('DELETE FROM lianke.file WHERE id = $1', [file.id]));
      throw refusal('invalid_file', { zh: '这里不能上传这种文件', en: 'files of this kind cannot be uploaded here' });
    }
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'INSERT INTO lianke.public_upload (tenant_id, file_id, public_form_id, visitor, at) VALUES ($1, $2, $3, $4, $5)',
        [ctx.tenantId, file.id, row.id, this.seal.mark('visitor', visitor.mark), this.clock.now()],
      ),
    );
    return file;
  }

  /** Creates the record by the one write path, with the rights of a visitor. */
  async submit(
    token: string,
    visitor: Visitor,
    body: SubmitBody,
  ): Promise<{ title: string; text: string; again: boolean }> {
    await this.take('submit', token, visitor);
    const { ctx, row, form, invite } = await this.entered(token, body.pass, body.id);
    const { settings } = row;
    if (settings.captcha && !(await this.seal.solved(row.id, body.captcha))) throw new AppError('wrong_captcha');
    const mark = this.seal.mark('visitor', visitor.mark);
    const values = await this.ownFilesOnly(ctx, row, form, mark, body.values as Record<string, Json>);
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
          const held = invite && (await this.lockInvite(tx, invite.id));
          this.requireOpen(ctx, now, held);
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

  /** What is submitted, with files that this visitor did not send here made unknown ones; no more of them than allowed. */
  private async ownFilesOnly(
    ctx: TenantContext,
    row: PublicFormRow,
    form: FormMeta,
    mark: string,
    values: Record<string, Json>,
  ): Promise<Record<string, Json>> {
    const named = publicFields(form, row.settings).flatMap((field) => {
      const value = field.type.refers === 'file' ? (values[field.key] ?? values[field.id]) : null;
      const ids = Array.isArray(value)
        ? value.filter((id) => typeof id === 'string')
        : typeof value === 'string'
          ? [value]
          : [];
      return ids.map((id) => ({ field: field.key, id: id as FileId }));
    });
    if (named.length === 0) return values;
    const { maxFiles } = row.settings.uploads;
    if (named.length > maxFiles)
      throw refusal('invalid_request', {
        zh: `一次最多上传 ${maxFiles} 个文件`,
        en: `at most ${maxFiles} files can be uploaded at a time`,
      });
    const found = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ file_id: string }>(
        `SELECT file_id FROM lianke.public_upload WHERE public_form_id = $1 AND visitor = $2 AND file_id::text = ANY($3::text[])`,
        [row.id, mark, named.map(({ id }) => id)],
      ),
    );
    const own = new Set(found.map((file) => file.file_id));
    const foreign = new Set<string>(named.flatMap(({ id }) => (own.has(id) || !isUuid(id) ? [] : [id])));
    if (foreign.size === 0) return values;
    const hidden = (value: Json): Json =>
      Array.isArray(value)
        ? value.map(hidden)
        : typeof value === 'string' && foreign.has(value)
          ? noFile([...foreign].indexOf(value))
          : value;
    const fields = new Set(named.flatMap(({ field }) => [field, String(form.field(field)?.id)]));
    return Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, fields.has(key) ? hidden(value) : value]),
    );
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

  /** @param again what is submitted: sent twice it gets its first answer, also by a link that is spent with it */
  private async entered(token: string, pass: string | undefined, again?: RecordId): Promise<Visit> {
    const visit = await this.visit(token);
    const { invite } = visit;
    const repeated = again !== undefined && invite?.record_id === again;
    this.requireOpen(visit.ctx, visit.row, repeated ? { ...invite, record_id: null } : invite);
    const locked = visit.row.password_hash;
    if (locked !== null && !this.seal.passed(visit.row.id, locked, pass)) throw new AppError('wrong_link_password');
    return visit;
  }

  private async visit(token: string): Promise<Visit> {
    const [found] = await this.database.control<{ tenant: TenantContext['tenantId'] | null }>(
      'SELECT coalesce(lianke.public_form_tenant($1), lianke.public_invite_tenant($1)) AS tenant',
      [token],
    );
    if (!found?.tenant) throw new AppError('not_found');
    const ctx = await this.tenants.context(found.tenant, { kind: 'system', name: 'public' }, { door: 'public' });
    const { row, invite } = await this.database.withTenant(ctx, async (tx) => {
      const [mark] = await tx.sql<InviteMark & { public_form_id: string }>(
        'SELECT id, public_form_id, revoked_at, record_id FROM lianke.public_invite WHERE token = $1',
        [token],
      );
      const [link] = await tx.sql<PublicFormRow>(
        `SELECT * FROM lianke.public_form WHERE ${mark ? 'id' : 'token'} = $1`,
        [mark ? mark.public_form_id : token],
      );
      return { row: link, invite: mark };
    });
    const form = row && (await this.registry.all(ctx)).get(row.form_id);
    if (!row || !form) throw new AppError('not_found');
    return { ctx, row, form, invite };
  }

  private async lockInvite(tx: Tx, id: string): Promise<InviteMark> {
    const [mark] = await tx.sql<InviteMark>(
      'SELECT id, revoked_at, record_id FROM lianke.public_invite WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (!mark) throw new AppError('not_found');
    return mark;
  }

  private requireOpen(
    ctx: TenantContext,
    row: Pick<PublicFormRow, 'enabled' | 'settings' | 'submissions'>,
    invite: InviteMark | undefined,
  ): void {
    const state = stateOf(row, this.clock.now());
    if (state !== 'open') throw refusal('public_form_closed', closedWords(state, row.settings, ctx.timeZone));
    const spent = invite ? spentWords(invite) : row.settings.invitedOnly ? invitedOnlyWords : undefined;
    if (spent) throw refusal('public_form_closed', spent);
  }

  private async take(what: keyof typeof limits, token: string, visitor: Visitor): Promise<void> {
    const answer = await this.limiter.take(`public-${what}:${token}:${visitor.address}`, limits[what]);
    if (!answer.allowed) throw new AppError('too_many_requests', { seconds: Math.ceil(answer.retryAfterMs / 1000) });
  }
}

async function* bounded(content: Readable, maxMb: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxMb * 1024 * 1024)
      throw refusal('too_large', { zh: `单个文件最大 ${maxMb} MB`, en: `a file may have at most ${maxMb} MB` });
    yield chunk;
  }
}

import { Readable } from 'node:stream';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import QRCode from 'qrcode';
import type { Config } from '../../kernel/config/config.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { uploadOf } from '../../kernel/http/upload.js';
import { CONFIG } from '../../kernel/tokens.js';
import { FilesService } from '../files/files.service.js';
import { RecordReader } from '../records/record-reader.js';
import { recordLink } from './print-records.js';
import { PrintTemplatesService } from './print-templates.service.js';
import { type PrintedFile, PrintsService } from './prints.service.js';

@Controller()
export class PrintsController {
  constructor(
    private readonly prints: PrintsService,
    private readonly templates: PrintTemplatesService,
    private readonly reader: RecordReader,
    private readonly files: FilesService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  @Route('prints.templates')
  async list(@Call() call: RouteCall<'prints.templates'>): Promise<AnswerOf<'prints.templates'>> {
    return { items: await this.templates.list(call.ctx, call.params.formId), cursor: null };
  }

  @Route('prints.upload')
  async upload(@Call() call: RouteCall<'prints.upload'>): Promise<AnswerOf<'prints.upload'>> {
    const { name, content } = await uploadOf(call.request);
    return this.templates.upload(call.ctx, call.params.formId, name, content);
  }

  @Route('prints.replace')
  async replace(@Call() call: RouteCall<'prints.replace'>): Promise<AnswerOf<'prints.replace'>> {
    const { name, content } = await uploadOf(call.request);
    return this.templates.replace(call.ctx, call.params.id, name, content);
  }

  @Route('prints.update')
  update(@Call() call: RouteCall<'prints.update'>): Promise<AnswerOf<'prints.update'>> {
    return this.templates.update(call.ctx, call.params.id, call.body);
  }

  @Route('prints.delete')
  remove(@Call() call: RouteCall<'prints.delete'>): Promise<void> {
    return this.templates.remove(call.ctx, call.params.id);
  }

  @Route('prints.templateFile')
  async templateFile(@Call() call: RouteCall<'prints.templateFile'>): Promise<void> {
    await sendWord(call.reply, await this.templates.file(call.ctx, call.params.id));
  }

  @Route('prints.sample')
  async sample(@Call() call: RouteCall<'prints.sample'>): Promise<void> {
    await sendWord(call.reply, await this.templates.sample(call.ctx, call.params.formId));
  }

  @Route('prints.record')
  async record(@Call() call: RouteCall<'prints.record'>): Promise<void> {
    await send(call.reply, await this.prints.one(call.ctx, call.params.formId, call.params.id, call.query));
  }

  @Route('prints.batch')
  async batch(@Call() call: RouteCall<'prints.batch'>): Promise<void> {
    await send(call.reply, await this.prints.batch(call.ctx, call.params.formId, call.body));
  }

  /** For phones, whose viewers only fetch addresses. */
  @Route('prints.file')
  async file(@Call() call: RouteCall<'prints.file'>): Promise<AnswerOf<'prints.file'>> {
    const { name, bytes } = await this.prints.batch(call.ctx, call.params.formId, call.body);
    return this.files.upload(call.ctx, name, Readable.from([bytes]));
  }

  @Route('prints.approval')
  async approval(@Call() call: RouteCall<'prints.approval'>): Promise<void> {
    await send(call.reply, await this.prints.approval(call.ctx, call.params.id));
  }

  @Route('records.qr')
  async qr(@Call() call: RouteCall<'records.qr'>): Promise<void> {
    const { formId, id } = call.params;
    await this.reader.get(call.ctx, formId, id);
    const bytes = await QRCode.toBuffer(recordLink(this.config.publicUrl, formId, id), { margin: 2, width: 480 });
    await call.reply.header('content-type', 'image/png').header('cache-control', 'private, no-store').send(bytes);
  }
}

/** PDFs are shown, everything else is saved. */
async function send(reply: FastifyReply, { name, type, bytes }: PrintedFile): Promise<void> {
  const place = type === 'application/pdf' ? 'inline' : 'attachment';
  await reply
    .header('content-type', type)
    .header('content-length', bytes.length)
    .header('content-disposition', `${place}; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .send(bytes);
}

function sendWord(reply: FastifyReply, file: { name: string; bytes: Buffer }): Promise<void> {
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  return send(reply, { ...file, type });
}

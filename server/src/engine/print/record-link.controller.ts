import { type FormId, type RecordId, uuidOf } from '@lianke/shared/ids';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../kernel/errors/app-error.js';
import { Open } from '../../kernel/http/route.js';

const phones = /Mobile|Android|iPhone|iPad|wxwork.*Mobile|DingTalk.*Mobile/i;

/** `/r/<form>/<record>`: what a record's QR code says. Both pages behind it log in first and check the reader's rights. */
@Controller('r')
export class RecordLinkController {
  @Get(':formId/:id')
  @Open()
  async open(
    @Param('formId') form: string,
    @Param('id') record: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const formId = uuidOf<'form'>().safeParse(form);
    const id = uuidOf<'record'>().safeParse(record);
    if (!formId.success || !id.success) throw new AppError('not_found');
    await reply
      .header('cache-control', 'no-store')
      .redirect(pageFor(request.headers['user-agent'] ?? '', formId.data, id.data), 302);
  }
}

function pageFor(userAgent: string, formId: FormId, id: RecordId): string {
  if (phones.test(userAgent)) return `/m/#/pages/record/index?formId=${formId}&id=${id}`;
  return `/forms/${formId}/records/${id}`;
}

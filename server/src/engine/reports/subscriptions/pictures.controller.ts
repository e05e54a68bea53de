import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '../../../kernel/errors/app-error.js';
import { Open } from '../../../kernel/http/route.js';
import { ReportPictures } from './report-pictures.js';

/** Pictures in cards: whoever has the address may look at this one picture, as a chat client does. */
@Controller('pictures')
export class PicturesController {
  constructor(private readonly pictures: ReportPictures) {}

  @Get(':tenant/:picture/:until/:signature')
  @Open()
  async get(@Param() parts: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { tenant, picture, until, signature } = parts;
    const found = await this.pictures.read(`${tenant}/${picture}/${until}/${signature}`);
    if (!found) throw new AppError('not_found');
    await reply
      .header('content-type', 'image/png')
      .header('content-length', found.size)
      .header('cache-control', 'private, max-age=86400')
      .header('x-content-type-options', 'nosniff')
      .header('x-robots-tag', 'noindex')
      .send(found.stream);
  }
}

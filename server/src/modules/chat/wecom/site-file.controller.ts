import { siteFileName } from '@lianke/shared/chat/site-files';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Open } from '../../../kernel/http/route.js';
import { SiteFiles } from '../site-files.js';

/** `WW_verify_*.txt` at the root, where WeCom looks when a domain is named (域名归属校验). Nothing else begins like that. */
@Controller()
export class WecomSiteFileController {
  constructor(private readonly files: SiteFiles) {}

  @Get('WW_verify_:rest')
  @Open()
  async read(@Param('rest') rest: string, @Res() reply: FastifyReply): Promise<void> {
    const name = siteFileName.safeParse(`WW_verify_${rest}`);
    const content = name.success ? await this.files.content(name.data) : null;
    await reply
      .status(content === null ? 404 : 200)
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(content ?? 'not found');
  }
}

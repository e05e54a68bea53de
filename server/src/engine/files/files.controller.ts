import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { uploadOf } from '../../kernel/http/upload.js';
import { FilesService } from './files.service.js';
import { inlineTypes } from './sniff-mime.js';

@Controller()
export class FilesController {
  constructor(private readonly files: FilesService) {}

  @Route('files.upload')
  async upload(@Call() call: RouteCall<'files.upload'>): Promise<AnswerOf<'files.upload'>> {
    const { name, content } = await uploadOf(call.request);
    return this.files.upload(call.ctx, name, content);
  }

  @Route('files.get')
  async download(@Call() call: RouteCall<'files.get'>): Promise<void> {
    const { file, stream } = await this.files.open(call.ctx, call.params.id);
    const disposition = inlineTypes.has(file.mime) ? 'inline' : 'attachment';
    await call.reply
      .header('content-type', file.mime)
      .header('content-length', file.size)
      .header('content-disposition', `${disposition}; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('cache-control', 'private, max-age=300')
      .send(stream);
  }
}

import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { languageOf } from '../../../kernel/http/problem-filter.js';
import { Call, Route, type RouteCall } from '../../../kernel/http/route.js';
import { uploadOf } from '../../../kernel/http/upload.js';
import { PackagesService } from './packages.service.js';

@Controller()
export class PackagesController {
  constructor(private readonly packages: PackagesService) {}

  @Route('packages.outline')
  outline(@Call() call: RouteCall<'packages.outline'>): Promise<AnswerOf<'packages.outline'>> {
    return this.packages.outline(call.ctx, call.params.appId);
  }

  @Route('packages.export')
  async export(@Call() call: RouteCall<'packages.export'>): Promise<void> {
    const { name, bytes } = await this.packages.export(call.ctx, call.params.appId, call.body);
    await call.reply
      .header('content-type', 'application/json')
      .header('content-length', bytes.length)
      .header('content-disposition', `attachment; filename="app.json"; filename*=UTF-8''${encodeURIComponent(name)}`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, no-store')
      .send(bytes);
  }

  @Route('packages.read')
  async read(@Call() call: RouteCall<'packages.read'>): Promise<AnswerOf<'packages.read'>> {
    return this.packages.read(call.ctx, await uploadOf(call.request), languageOf(call.request));
  }

  @Route('packages.preview')
  preview(@Call() call: RouteCall<'packages.preview'>): Promise<AnswerOf<'packages.preview'>> {
    return this.packages.preview(call.ctx, call.params.id, call.body, languageOf(call.request));
  }

  @Route('packages.install')
  install(@Call() call: RouteCall<'packages.install'>): Promise<AnswerOf<'packages.install'>> {
    return this.packages.install(call.ctx, call.params.id, call.body, languageOf(call.request));
  }
}

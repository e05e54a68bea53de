import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { languageOf } from '../../../kernel/http/problem-filter.js';
import { Call, Route, type RouteCall } from '../../../kernel/http/route.js';
import { MailAccountService } from './mail-account.service.js';
import { SecretsService } from './secrets.service.js';

@Controller()
export class OutsideController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly mail: MailAccountService,
  ) {}

  @Route('flowSecrets.list')
  async list(@Call() call: RouteCall<'flowSecrets.list'>): Promise<AnswerOf<'flowSecrets.list'>> {
    return { items: await this.secrets.list(call.ctx), cursor: null };
  }

  @Route('flowSecrets.create')
  create(@Call() call: RouteCall<'flowSecrets.create'>): Promise<AnswerOf<'flowSecrets.create'>> {
    return this.secrets.create(call.ctx, call.body);
  }

  @Route('flowSecrets.rotate')
  rotate(@Call() call: RouteCall<'flowSecrets.rotate'>): Promise<AnswerOf<'flowSecrets.rotate'>> {
    return this.secrets.rotate(call.ctx, call.params.id, call.body);
  }

  @Route('flowSecrets.language')
  language(@Call() call: RouteCall<'flowSecrets.language'>): Promise<AnswerOf<'flowSecrets.language'>> {
    return this.secrets.setLanguage(call.ctx, call.params.id, call.body.language);
  }

  @Route('flowSecrets.delete')
  async remove(@Call() call: RouteCall<'flowSecrets.delete'>): Promise<void> {
    await this.secrets.remove(call.ctx, call.params.id);
  }

  @Route('mailAccount.get')
  async account(@Call() call: RouteCall<'mailAccount.get'>): Promise<AnswerOf<'mailAccount.get'>> {
    return { account: await this.mail.view(call.ctx) };
  }

  @Route('mailAccount.save')
  save(@Call() call: RouteCall<'mailAccount.save'>): Promise<AnswerOf<'mailAccount.save'>> {
    return this.mail.save(call.ctx, call.body);
  }

  @Route('mailAccount.delete')
  async removeAccount(@Call() call: RouteCall<'mailAccount.delete'>): Promise<void> {
    await this.mail.remove(call.ctx);
  }

  @Route('mailAccount.test')
  test(@Call() call: RouteCall<'mailAccount.test'>): Promise<AnswerOf<'mailAccount.test'>> {
    return this.mail.test(call.ctx, call.body.to, languageOf(call.request));
  }
}

import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { MemberId } from '@lianke/shared/ids';
import { Controller } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { memberOf, type TenantContext } from '../../engine/context.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { Notices } from './notices.js';
import { NotifyPreferences } from './notify-preferences.js';

/** 我的消息 and 通知设置: a member's own, and the company's default. */
@Controller()
export class NotifyController {
  constructor(
    private readonly notices: Notices,
    private readonly preferences: NotifyPreferences,
    private readonly access: AccessService,
  ) {}

  @Route('me.notices')
  list(@Call() { ctx, query }: RouteCall<'me.notices'>): Promise<AnswerOf<'me.notices'>> {
    return this.notices.mine(ctx, { unread: query.unread === '1', cursor: query.cursor });
  }

  @Route('me.readNotices')
  async read(@Call() { ctx, body }: RouteCall<'me.readNotices'>): Promise<AnswerOf<'me.readNotices'>> {
    return this.notices.read(ctx, ownToChange(ctx), body);
  }

  @Route('me.notify')
  async mine(@Call() { ctx }: RouteCall<'me.notify'>): Promise<AnswerOf<'me.notify'>> {
    return this.preferences.mine(ctx, own(ctx));
  }

  @Route('me.saveNotify')
  async saveMine(@Call() { ctx, body }: RouteCall<'me.saveNotify'>): Promise<AnswerOf<'me.saveNotify'>> {
    return this.preferences.saveMine(ctx, ownToChange(ctx), body);
  }

  @Route('notify.company')
  async company(@Call() { ctx }: RouteCall<'notify.company'>): Promise<AnswerOf<'notify.company'>> {
    await this.access.require(ctx, 'admin');
    return this.preferences.ofCompany(ctx);
  }

  @Route('notify.saveCompany')
  async saveCompany(@Call() { ctx, body }: RouteCall<'notify.saveCompany'>): Promise<AnswerOf<'notify.saveCompany'>> {
    await this.access.require(ctx, 'admin');
    return this.preferences.saveCompany(ctx, body);
  }
}

function own(ctx: TenantContext): MemberId {
  const memberId = memberOf(ctx);
  if (memberId === null) throw refusal('forbidden', { zh: '设置个人通知', en: 'set up personal notifications' });
  return memberId;
}

function ownToChange(ctx: TenantContext): MemberId {
  if (ctx.previewedBy) throw new AppError('preview_read_only');
  return own(ctx);
}

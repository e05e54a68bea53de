import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { AccessService } from '../../../engine/access/access.service.js';
import { Call, Route, type RouteCall } from '../../../kernel/http/route.js';
import { PageSigner } from './page-signer.js';
import { RecordChats } from './record-chats.js';
import { SidebarService } from './sidebar.service.js';
import { SidebarSetupService } from './sidebar-setup.js';

/** The page beside a chat with a customer, and its place on the connection's check-list. */
@Controller()
export class SidebarController {
  constructor(
    private readonly sidebar: SidebarService,
    private readonly setup: SidebarSetupService,
    private readonly signer: PageSigner,
    private readonly access: AccessService,
    private readonly chats: RecordChats,
  ) {}

  @Route('records.chats')
  async ofRecord(@Call() { ctx, params, query }: RouteCall<'records.chats'>): Promise<AnswerOf<'records.chats'>> {
    const at = { connectionId: query.connectionId, formId: params.formId, recordId: params.id };
    return { items: await this.chats.of(ctx, at), cursor: null };
  }

  @Route('pages.sign')
  sign(@Call() { ctx, body }: RouteCall<'pages.sign'>): Promise<AnswerOf<'pages.sign'>> {
    return this.signer.sign(ctx, body);
  }

  @Route('sidebar.open')
  open(@Call() { ctx, body }: RouteCall<'sidebar.open'>): Promise<AnswerOf<'sidebar.open'>> {
    return this.sidebar.open(ctx, body);
  }

  @Route('sidebar.link')
  link(@Call() { ctx, body }: RouteCall<'sidebar.link'>): Promise<AnswerOf<'sidebar.link'>> {
    return this.sidebar.link(ctx, body);
  }

  @Route('sidebar.unlink')
  unlink(@Call() { ctx, body }: RouteCall<'sidebar.unlink'>): Promise<AnswerOf<'sidebar.unlink'>> {
    return this.sidebar.unlink(ctx, body);
  }

  @Route('sidebar.setup')
  async get(@Call() { ctx, params }: RouteCall<'sidebar.setup'>): Promise<AnswerOf<'sidebar.setup'>> {
    await this.access.require(ctx, 'admin');
    return this.setup.get(ctx, params.connectionId);
  }

  @Route('sidebar.saveSetup')
  async save(@Call() { ctx, params, body }: RouteCall<'sidebar.saveSetup'>): Promise<AnswerOf<'sidebar.saveSetup'>> {
    await this.access.require(ctx, 'admin');
    return this.setup.save(ctx, params.connectionId, body);
  }

  @Route('sidebar.check')
  async check(@Call() { ctx, params }: RouteCall<'sidebar.check'>): Promise<AnswerOf<'sidebar.check'>> {
    await this.access.require(ctx, 'admin');
    return this.setup.check(ctx, params.connectionId);
  }
}

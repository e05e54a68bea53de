import { randomBytes } from 'node:crypto';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import { languageOf } from '../../kernel/http/problem-filter.js';
import { Call, type OpenCall, Route, type RouteCall } from '../../kernel/http/route.js';
import { uploadOf } from '../../kernel/http/upload.js';
import { CONFIG } from '../../kernel/tokens.js';
import { InvitesService } from './invites.service.js';
import { PublicFormsService } from './public-forms.service.js';
import type { Visitor } from './visit-door.js';
import { VisitorFiles } from './visitor-files.js';
import { VisitsService } from './visits.service.js';

const cookie = 'lianke_visitor';
const yearSeconds = 31_536_000;

@Controller()
export class PublicFormsController {
  constructor(
    private readonly links: PublicFormsService,
    private readonly visits: VisitsService,
    private readonly files: VisitorFiles,
    private readonly invited: InvitesService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  @Route('publicForms.list')
  async list(@Call() call: RouteCall<'publicForms.list'>): Promise<AnswerOf<'publicForms.list'>> {
    return { items: await this.links.list(call.ctx, call.params.formId), cursor: null };
  }

  @Route('publicForms.create')
  create(@Call() call: RouteCall<'publicForms.create'>): Promise<AnswerOf<'publicForms.create'>> {
    return this.links.create(call.ctx, call.params.formId, call.body);
  }

  @Route('publicForms.update')
  update(@Call() call: RouteCall<'publicForms.update'>): Promise<AnswerOf<'publicForms.update'>> {
    return this.links.update(call.ctx, call.params.id, call.body);
  }

  @Route('publicForms.delete')
  remove(@Call() call: RouteCall<'publicForms.delete'>): Promise<void> {
    return this.links.remove(call.ctx, call.params.id);
  }

  @Route('publicForms.invites')
  invites(@Call() call: RouteCall<'publicForms.invites'>): Promise<AnswerOf<'publicForms.invites'>> {
    return this.invited.list(call.ctx, call.params.id, call.query);
  }

  @Route('publicForms.invite')
  async invite(@Call() call: RouteCall<'publicForms.invite'>): Promise<AnswerOf<'publicForms.invite'>> {
    return { items: await this.invited.create(call.ctx, call.params.id, call.body.labels), cursor: null };
  }

  @Route('publicForms.revokeInvite')
  revoke(@Call() call: RouteCall<'publicForms.revokeInvite'>): Promise<void> {
    return this.invited.revoke(call.ctx, call.params.id, call.params.inviteId);
  }

  @Route('public.open')
  open(@Call() call: OpenCall<'public.open'>): Promise<AnswerOf<'public.open'>> {
    return this.visits.open(call.params.token, this.visitor(call), call.body);
  }

  @Route('public.captcha')
  captcha(@Call() call: OpenCall<'public.captcha'>): Promise<AnswerOf<'public.captcha'>> {
    return this.visits.captcha(call.params.token, this.visitor(call));
  }

  @Route('public.pick')
  async pick(@Call() call: OpenCall<'public.pick'>): Promise<AnswerOf<'public.pick'>> {
    return { items: await this.visits.pick(call.params.token, this.visitor(call), call.body) };
  }

  @Route('public.upload')
  async upload(@Call() call: OpenCall<'public.upload'>): Promise<AnswerOf<'public.upload'>> {
    const { name, content } = await uploadOf(call.request);
    return this.files.upload(call.params.token, this.visitor(call), call.query.pass, name, content);
  }

  @Route('public.submit')
  submit(@Call() call: OpenCall<'public.submit'>): Promise<AnswerOf<'public.submit'>> {
    return this.visits.submit(call.params.token, this.visitor(call), call.body);
  }

  /** The browser's mark, made at its first call. */
  private visitor({ request, reply }: Pick<OpenCall<'public.open'>, 'request' | 'reply'>): Visitor {
    const cookies = (request as { cookies?: Record<string, string | undefined> }).cookies;
    let mark = cookies?.[cookie];
    if (!mark || !/^[\w-]{20,40}$/.test(mark)) {
      mark = randomBytes(18).toString('base64url');
      const secure = this.config.publicUrl.startsWith('https:') ? '; Secure' : '';
      reply.header(
        'set-cookie',
        `${cookie}=${mark}; Path=/api/v1/public; Max-Age=${yearSeconds}; HttpOnly; SameSite=Lax${secure}`,
      );
    }
    return { mark, address: request.ip, language: languageOf(request) };
  }
}

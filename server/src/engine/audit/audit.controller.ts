import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { AccessService } from '../access/access.service.js';
import { AuditLog } from './audit-log.js';

/** 操作日志; administrators only. */
@Controller()
export class AuditController {
  constructor(
    private readonly log: AuditLog,
    private readonly access: AccessService,
  ) {}

  @Route('audit.list')
  async list(@Call() call: RouteCall<'audit.list'>): Promise<AnswerOf<'audit.list'>> {
    await this.access.require(call.ctx, 'admin');
    return this.log.list(call.ctx, call.query);
  }
}

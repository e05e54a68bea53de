import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit-log.js';

/** Reading the trail; writing it is `writeAudit` in the transaction of each deed. */
@Module({ controllers: [AuditController], providers: [AuditLog] })
export class AuditModule {}

import { Module } from '@nestjs/common';
import { ApiKeyFieldUses } from './api-key-field-uses.js';
import { ApiKeyUses } from './api-key-uses.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';

/** The open interface: keys by which other systems read and write data. */
@Module({
  controllers: [ApiKeysController],
  providers: [ApiKeysService, ApiKeyUses, ApiKeyFieldUses],
  exports: [ApiKeyUses],
})
export class OpenapiModule {}

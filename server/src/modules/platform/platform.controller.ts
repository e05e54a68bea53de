import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '../../kernel/database/database.js';
import { openApiDocument } from '../../kernel/http/openapi.js';
import { Open } from '../../kernel/http/route.js';
import type { Metrics } from '../../kernel/metrics/metrics.js';
import { METRICS } from '../../kernel/tokens.js';

/** What operators and clients' tools ask for: health, metrics, the API's description. */
@Controller()
export class PlatformController {
  constructor(
    private readonly database: Database,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  /** The process is alive. */
  @Open()
  @Get('/healthz')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The process can serve: its database answers. */
  @Open()
  @Get('/readyz')
  async ready(): Promise<{ status: 'ok' }> {
    await this.database.control('SELECT 1');
    return { status: 'ok' };
  }

  @Open()
  @Get('/metrics')
  async exposeMetrics(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, body } = await this.metrics.expose();
    await reply.header('content-type', contentType).send(body);
  }

  @Open()
  @Get('/api/openapi.json')
  openApi(): Record<string, unknown> {
    return openApiDocument();
  }
}

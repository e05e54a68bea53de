import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { WithheldNames } from './withheld-names.js';

/** Names that only the platform itself may show. Whoever may see the members may ask. */
@Controller()
export class NamesController {
  constructor(private readonly names: WithheldNames) {}

  @Route('names.withheld')
  withheld(@Call() { ctx }: RouteCall<'names.withheld'>): Promise<AnswerOf<'names.withheld'>> {
    return this.names.list(ctx);
  }

  @Route('names.search')
  search(@Call() { ctx, query }: RouteCall<'names.search'>): Promise<AnswerOf<'names.search'>> {
    return this.names.search(ctx, query.name);
  }
}

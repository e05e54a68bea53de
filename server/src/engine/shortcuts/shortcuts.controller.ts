import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { ShortcutsService } from './shortcuts.service.js';

@Controller()
export class ShortcutsController {
  constructor(private readonly shortcuts: ShortcutsService) {}

  @Route('search.all')
  async search(@Call() call: RouteCall<'search.all'>): Promise<AnswerOf<'search.all'>> {
    const { text, perForm, appId } = call.body;
    return { items: await this.shortcuts.search(call.ctx, text, perForm, appId) };
  }

  @Route('favourites.list')
  async favourites(@Call() call: RouteCall<'favourites.list'>): Promise<AnswerOf<'favourites.list'>> {
    return { items: await this.shortcuts.list(call.ctx, 'favourite'), cursor: null };
  }

  @Route('favourites.add')
  addFavourite(@Call() call: RouteCall<'favourites.add'>): Promise<void> {
    return this.shortcuts.add(call.ctx, 'favourite', call.body.formId, call.body.recordId);
  }

  @Route('favourites.remove')
  removeFavourite(@Call() call: RouteCall<'favourites.remove'>): Promise<void> {
    return this.shortcuts.remove(call.ctx, call.body.formId, call.body.recordId);
  }

  @Route('recents.list')
  async recents(@Call() call: RouteCall<'recents.list'>): Promise<AnswerOf<'recents.list'>> {
    return { items: await this.shortcuts.list(call.ctx, 'recent'), cursor: null };
  }

  @Route('recents.add')
  addRecent(@Call() call: RouteCall<'recents.add'>): Promise<void> {
    return this.shortcuts.add(call.ctx, 'recent', call.body.formId, call.body.recordId);
  }
}

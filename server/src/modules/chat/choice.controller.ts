import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { memberOf } from '../../engine/context.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { ChatMemberChannels } from './member-channels.js';

/** Where a member with accounts on several platforms gets his messages: his own choice. */
@Controller()
export class ChatChoiceController {
  constructor(private readonly channels: ChatMemberChannels) {}

  @Route('me.chat')
  async read(@Call() { ctx }: RouteCall<'me.chat'>): Promise<AnswerOf<'me.chat'>> {
    const memberId = memberOf(ctx);
    return memberId === null ? { channels: [], choice: null } : this.channels.choiceOf(ctx, memberId);
  }

  @Route('me.chooseChat')
  async choose(@Call() { ctx, body }: RouteCall<'me.chooseChat'>): Promise<AnswerOf<'me.chooseChat'>> {
    const memberId = memberOf(ctx);
    if (memberId === null)
      throw refusal('forbidden', { zh: '选择收消息的渠道', en: 'choose the channel for messages' });
    const { channels } = await this.channels.choiceOf(ctx, memberId);
    if (body.channel !== null && !channels.includes(body.channel))
      throw refusal('invalid_request', {
        zh: '你在这个渠道还没有账号',
        en: 'You have no account on this platform yet',
      });
    await this.channels.choose(ctx, memberId, body.channel);
    return this.channels.choiceOf(ctx, memberId);
  }
}

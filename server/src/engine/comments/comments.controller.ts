import type { AnswerOf } from '@lianke/shared/api/contracts';
import { Controller } from '@nestjs/common';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { answerOnce, type Once } from '../idempotency/answer-once.js';
import { CommentsService } from './comments.service.js';

@Controller()
export class CommentsController {
  constructor(private readonly comments: CommentsService) {}

  @Route('comments.list')
  list(@Call() call: RouteCall<'comments.list'>): Promise<AnswerOf<'comments.list'>> {
    return this.comments.list(call.ctx, call.params.formId, call.params.id, call.query.cursor);
  }

  @Route('comments.create')
  create(@Call() call: RouteCall<'comments.create'>): Promise<AnswerOf<'comments.create'>> {
    const { ctx, params, body } = call;
    return answerOnce(call, (once: Once<AnswerOf<'comments.create'>> | undefined) =>
      this.comments.create(ctx, params.formId, params.id, body.text, once),
    );
  }

  @Route('comments.update')
  update(@Call() call: RouteCall<'comments.update'>): Promise<AnswerOf<'comments.update'>> {
    return this.comments.update(call.ctx, call.params.commentId, call.body.text);
  }

  @Route('comments.delete')
  remove(@Call() call: RouteCall<'comments.delete'>): Promise<void> {
    return this.comments.remove(call.ctx, call.params.commentId);
  }
}

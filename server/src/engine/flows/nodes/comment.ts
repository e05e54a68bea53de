import { Injectable } from '@nestjs/common';
import { CommentsService } from '../../comments/comments.service.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { resolvePeople } from '../people.js';
import { PublishedFlows } from '../published-flows.js';
import { need } from './records.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'comment' }>>;

const longest = 2000;

/** 评论 */
@Injectable()
export class CommentNode implements NodeType<'comment'> {
  readonly type = 'comment';

  constructor(
    private readonly comments: CommentsService,
    private readonly flows: PublishedFlows,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    const { formId, recordId } = step.values.record(step.node.target);
    const text = (await step.values.text(step.node.text)).trim();
    if (text === '')
      return {
        kind: 'next',
        port: 'next',
        output: { note: { zh: '评论是空的，没有写', en: 'the comment was empty and not written' } },
      };
    const mention = await resolvePeople(step.node.mention, step.values, step.org, step.starterId);
    const flowName = (await this.flows.find(step.ctx, step.flowId))?.name ?? '';
    const said = { formId, recordId, text: text.slice(0, longest), mention, flowName, now: step.now };
    const told = await this.comments.byFlow(step.tx, step.ctx, step.org, said);
    return { kind: 'next', port: 'next', output: { comment: said.text, sent: told } };
  }

  async preview(step: Step): Promise<Preview> {
    const form = need(step, step.values.record(step.node.target).formId);
    const mention = await resolvePeople(step.node.mention, step.values, step.org, step.starterId);
    return {
      outcome: { zh: `在【${form.name}】的数据下评论`, en: `Comment on the record of [${form.name}]` },
      lines: [
        { label: { zh: '内容', en: 'Text' }, value: await step.values.text(step.node.text) },
        ...(mention.length > 0
          ? [{ label: { zh: '提醒', en: 'Mentions' }, value: mention.map((id) => `@${step.org.nameOf(id)}`).join(' ') }]
          : []),
      ],
      port: 'next',
    };
  }
}

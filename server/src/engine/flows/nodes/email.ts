import { asJson, type Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../context.js';
import type { CallOutcome, NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { MailAccountService } from '../outside/mail-account.service.js';
import { NotSent } from '../outside/pieces.js';
import { SmtpSender } from '../outside/smtp-sender.js';
import { resolvePeople } from '../people.js';

type Node = Extract<StepContext['node'], { type: 'email' }>;
type Step = StepContext<Node>;

interface Request {
  /** Who gets this letter; the others get their own after it. */
  to: string[];
  subject: string;
  text: string;
  /** How many letters went before, to how many, whom the server refused, and who is still to come. */
  part?: number;
  sent?: number;
  refused?: string[];
  rest?: string[];
  /** Beyond what one step sends to. */
  left?: string[];
}

/** Receivers of one letter; servers refuse longer lists. */
const perLetter = 50;
/** Receivers of one step. */
const most = 1000;
const isAddress = (text: string): boolean => /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/.test(text);

/** 发邮件 */
@Injectable()
export class EmailNode implements NodeType<'email'> {
  readonly type = 'email';

  constructor(
    private readonly accounts: MailAccountService,
    private readonly smtp: SmtpSender,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    const begun = step.again ? await this.begun(step) : undefined;
    if (begun) return { kind: 'call', request: asJson(begun) };
    const { to, without, left } = await this.receivers(step);
    if (to.length === 0) return { kind: 'next', port: 'next', output: { sent: 0, note: noteOf(without) } };
    const request: Request = {
      to: to.slice(0, perLetter),
      subject: await step.values.text(step.node.subject),
      text: await step.values.text(step.node.text),
      rest: to.slice(perLetter),
      left,
    };
    return { kind: 'call', request: asJson(request) };
  }

  async preview(step: Step): Promise<Preview> {
    const { to, without, left } = await this.receivers(step);
    const letters = Math.ceil(to.length / perLetter);
    return {
      outcome:
        to.length > 0
          ? {
              zh: `会发${letters > 1 ? ` ${letters} ` : '一'}封邮件，试运行不发送`,
              en: `Would send ${letters > 1 ? `${letters} mails` : 'a mail'}; a trial sends nothing`,
            }
          : noteOf(without),
      lines: [
        { label: { zh: '收件人', en: 'To' }, value: to.join('、') },
        ...(without.length > 0 && to.length > 0
          ? [{ label: { zh: '没有邮箱', en: 'Without address' }, value: without.join('、') }]
          : []),
        ...(left.length > 0
          ? [{ label: { zh: `超过 ${most} 人，不会收到`, en: `Beyond ${most}, left out` }, value: left.join('、') }]
          : []),
        { label: { zh: '主题', en: 'Subject' }, value: await step.values.text(step.node.subject) },
        { label: { zh: '内容', en: 'Text' }, value: (await step.values.text(step.node.text)).slice(0, 500) },
      ],
      port: 'next',
    };
  }

  /** Servers do not know letters again: one whose fate is unknown is looked after by a person. */
  repeatable(): boolean {
    return false;
  }

  async call(_node: Node, request: Json, key: string, ctx: TenantContext): Promise<Json> {
    const account = await this.accounts.account(ctx);
    if (!account)
      throw new NotSent({ zh: '还没有设置发信邮箱', en: 'the mail account to send from is not set up yet' });
    const { to, subject, text, part } = request as unknown as Request;
    return asJson(await this.smtp.send(account, { to, subject, text, key: part ? `${key}:${part}` : key }));
  }

  answered(_node: Node, answer: Json, attempt: number, asked: Json): CallOutcome {
    const request = asked as unknown as Request;
    const outcome = answer as unknown as Awaited<ReturnType<SmtpSender['send']>>;
    switch (outcome.kind) {
      case 'sent': {
        const { rest = [], left = [], part = 0 } = request;
        const sent = (request.sent ?? 0) + outcome.accepted.length;
        const refused = [...(request.refused ?? []), ...outcome.rejected];
        if (rest.length > 0) {
          const [to, later] = [rest.slice(0, perLetter), rest.slice(perLetter)];
          return { kind: 'more', request: asJson({ ...request, to, rest: later, part: part + 1, sent, refused }) };
        }
        const output = {
          sent,
          ...(refused.length > 0 ? { refused: refused.join('、') } : {}),
          ...(left.length > 0 ? { left: left.join('、') } : {}),
        };
        return { kind: 'next', port: 'next', output };
      }
      // 4xx: not now (greylisting, too many); 5xx: never.
      case 'refused': {
        const reason = {
          zh: `邮件服务器拒绝：${outcome.code} ${outcome.detail}`,
          en: `the mail server refused: ${outcome.code} ${outcome.detail}`,
        };
        const passing = outcome.code < 500;
        return passing && attempt <= 3 ? { kind: 'again', reason } : { kind: 'failed', reason, output: null, passing };
      }
      case 'unreachable': {
        const reason = { zh: outcome.detail, en: outcome.english };
        return attempt <= 2 ? { kind: 'again', reason } : { kind: 'failed', reason, output: null, passing: true };
      }
    }
  }

  /** Tried again after some of the letters were sent: it goes on with the one that failed. */
  private async begun({ tx, ctx, at }: Step): Promise<Request | undefined> {
    const [row] = await tx.sql<{ input: Request | null }>(
      'SELECT input FROM lianke.step WHERE tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND iteration = $5',
      [ctx.tenantId, at.runId, at.node, at.scope, at.iteration],
    );
    return row?.input?.part ? row.input : undefined;
  }

  private async receivers(step: Step): Promise<{ to: string[]; without: string[]; left: string[] }> {
    const { node, values, org, starterId } = step;
    const to = new Set<string>();
    const without: string[] = [];
    for (const id of await resolvePeople(node.to, values, org, starterId)) {
      const email = org.members.get(id)?.email?.trim();
      if (email && isAddress(email)) to.add(email);
      else without.push(org.nameOf(id));
    }
    const more = node.addresses ? (await values.text(node.addresses)).split(/[,，;；、\s]+/) : [];
    for (const text of more) if (isAddress(text)) to.add(text);
    return { to: [...to].slice(0, most), without, left: [...to].slice(most) };
  }
}

/** Why a letter goes to nobody. */
function noteOf(without: readonly string[]): { zh: string; en: string } {
  if (without.length === 0) return { zh: '没有找到收件人', en: 'Nobody was found' };
  return {
    zh: `没有收件人：${without.join('、')} 没有邮箱`,
    en: `Nobody gets it: ${without.join(', ')} have no mail address`,
  };
}

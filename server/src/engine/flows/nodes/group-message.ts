import { createHmac } from 'node:crypto';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Config } from '../../../kernel/config/config.js';
import type { OutboundHttp } from '../../../kernel/outbound/outbound-http.js';
import { CLOCK, CONFIG, OUTBOUND } from '../../../kernel/tokens.js';
import type { TenantContext } from '../../context.js';
import type { CallOutcome, NodeType, StepContext, StepOutcome } from '../node-type.js';
import { asJson, covered, NotSent } from '../outside/pieces.js';
import { SecretsService, type SecretValue } from '../outside/secrets.service.js';
import { resolvePeople } from '../people.js';
import { cardFacts } from '../told.js';

type Node = Extract<StepContext['node'], { type: 'groupMessage' }>;
type Step = StepContext<Node>;

interface Message {
  robot: string;
  title: string;
  facts: { label: string; value: string }[];
  link: string | null;
  /** Names and phone numbers of those called by @. */
  mention: { name: string; mobile: string }[];
}

/** Bytes of UTF-8 that the platforms take: WeCom 4,096 (2,048 for texts), DingTalk more. */
const longest = { markdown: 4096, text: 2048 };

/** 群消息 */
@Injectable()
export class GroupMessageNode implements NodeType<'groupMessage'> {
  readonly type = 'groupMessage';

  constructor(
    private readonly secrets: SecretsService,
    @Inject(OUTBOUND) private readonly outbound: OutboundHttp,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    return { kind: 'call', request: asJson(await this.message(step)) };
  }

  async preview(step: Step) {
    const message = await this.message(step);
    return {
      outcome: `会发到群机器人“${step.node.robot}”，试运行不发送`,
      lines: [
        { label: '标题', value: message.title },
        ...message.facts,
        ...(message.mention.length > 0
          ? [{ label: '提醒', value: message.mention.map((item) => `@${item.name}`).join(' ') }]
          : []),
      ],
      port: 'next',
    };
  }

  repeatable(): boolean {
    return false;
  }

  async call(_node: Node, request: Json, _key: string, ctx: TenantContext): Promise<Json> {
    const message = request as unknown as Message;
    const secrets = await this.secrets.values(ctx, [message.robot]);
    const robot = secrets.get(message.robot);
    if (!robot) throw new NotSent(`群机器人“${message.robot}”已删除`);
    const dingtalk = new URL(robot.value).pathname.endsWith('/robot/send');
    const answer = await this.outbound.request({
      method: 'POST',
      url: dingtalk ? signed(robot, this.clock.now()) : robot.value,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(dingtalk ? forDingtalk(message) : forWecom(message)),
      maxBytes: 64 * 1024,
    });
    return { status: answer.status, body: covered(answer.body.toString('utf8').slice(0, 2000), secrets) };
  }

  answered(_node: Node, answer: Json, attempt: number): CallOutcome {
    const { status, body } = answer as { status: number; body: string };
    const { errcode, errmsg } = read(body);
    if (status < 300 && errcode === 0) return { kind: 'next', port: 'next', output: { sent: 1 } };
    const reason = errcode === undefined ? `对方返回 ${status}` : `群机器人拒绝：${errcode} ${errmsg ?? ''}`;
    // 45009, 45033 of WeCom and 130101, 410100 of DingTalk: 20 messages a minute are all that a robot may send.
    const passing = status === 429 || [45009, 45033, 130101, 410100, -1].includes(errcode ?? 0);
    return passing && attempt <= 5 ? { kind: 'again', reason } : { kind: 'failed', reason, output: null, passing };
  }

  private async message(step: Step): Promise<Message> {
    const { node, values, org } = step;
    const people = await resolvePeople(node.mention, values, org, step.starterId);
    return {
      robot: node.robot,
      title: (await values.text(node.title)).slice(0, 200),
      facts: await cardFacts(step.values, node.facts),
      link: this.link(step),
      mention: people.flatMap((id) => {
        const member = org.members.get(id);
        return member?.mobile ? [{ name: member.name, mobile: member.mobile }] : [];
      }),
    };
  }

  private link(step: Step): string | null {
    if (!step.node.record) return null;
    const { formId, recordId } = step.values.record(step.node.record);
    const appId = step.forms.get(formId)?.appId;
    return appId ? `${this.config.publicUrl}/apps/${appId}/forms/${formId}/records/${recordId}` : null;
  }
}

/** Markdown cannot call people by phone number, plain text can. */
function forWecom(message: Message): object {
  if (message.mention.length === 0)
    return { msgtype: 'markdown', markdown: { content: cut(markdown(message), longest.markdown) } };
  const lines = [message.title, ...message.facts.map((fact) => `${fact.label}：${fact.value}`), message.link ?? ''];
  return {
    msgtype: 'text',
    text: {
      content: cut(lines.filter(Boolean).join('\n'), longest.text),
      mentioned_mobile_list: message.mention.map((item) => item.mobile),
    },
  };
}

function forDingtalk(message: Message): object {
  const called = message.mention.map((item) => `@${item.mobile}`).join(' ');
  return {
    msgtype: 'markdown',
    markdown: { title: message.title, text: [markdown(message), called].filter(Boolean).join('\n\n') },
    at: { atMobiles: message.mention.map((item) => item.mobile), isAtAll: false },
  };
}

function markdown({ title, facts, link }: Message): string {
  const lines = [`**${plain(title)}**`, ...facts.map((fact) => `> ${plain(fact.label)}：${plain(fact.value)}`)];
  return [...lines, ...(link ? [`[查看详情](${link})`] : [])].join('\n\n');
}

/** What people typed must not become links, mentions or headings. */
const plain = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/[[\]<>`*#]/g, (sign) => `\\${sign}`);

/** Whole characters up to so many bytes. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > bytes - 3) break;
    kept += character;
  }
  return `${kept}…`;
}

function signed({ value, signature }: SecretValue, now: Date): string {
  if (!signature) return value;
  const url = new URL(value);
  const timestamp = String(now.getTime());
  url.searchParams.set('timestamp', timestamp);
  url.searchParams.set('sign', createHmac('sha256', signature).update(`${timestamp}\n${signature}`).digest('base64'));
  return url.toString();
}

function read(body: string): { errcode?: number; errmsg?: string } {
  try {
    const parsed = JSON.parse(body) as { errcode?: unknown; errmsg?: unknown };
    return {
      ...(typeof parsed.errcode === 'number' ? { errcode: parsed.errcode } : {}),
      ...(typeof parsed.errmsg === 'string' ? { errmsg: parsed.errmsg.slice(0, 200) } : {}),
    };
  } catch {
    return {};
  }
}

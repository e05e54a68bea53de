import type { Language } from '@lianke/shared/errors/issue-text';
import type { MemberId } from '@lianke/shared/ids';
import { asJson, type Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../../kernel/config/config.js';
import { CONFIG } from '../../../kernel/tokens.js';
import type { TenantContext } from '../../context.js';
import type { CallOutcome, NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { dingtalkNotice, wecomNotice } from '../outside/robot-notice.js';
import { plainMarkdown as plain, Robots, refusalOf } from '../outside/robots.js';
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
  /** All of them, for groups that call people otherwise; absent in messages of before. */
  called?: MemberId[];
  /** Of the group; absent in messages of before, which were Chinese. */
  language?: Language;
}

/** Bytes of UTF-8 that the platforms take: WeCom 4,096 (2,048 for texts), DingTalk more. */
const longest = { markdown: 4096, text: 2048 };

/** 群消息 */
@Injectable()
export class GroupMessageNode implements NodeType<'groupMessage'> {
  readonly type = 'groupMessage';

  constructor(
    private readonly robots: Robots,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  async execute(step: Step): Promise<StepOutcome> {
    return { kind: 'call', request: asJson(await this.message(step)) };
  }

  async preview(step: Step): Promise<Preview> {
    const message = await this.message(step);
    return {
      outcome: {
        zh: `会发到群机器人“${step.node.robot}”，试运行不发送`,
        en: `Would write by the group robot "${step.node.robot}"; a trial sends nothing`,
      },
      lines: [
        { label: { zh: '标题', en: 'Title' }, value: message.title },
        ...message.facts,
        ...(message.mention.length > 0
          ? [{ label: { zh: '提醒', en: 'Mentions' }, value: message.mention.map((item) => `@${item.name}`).join(' ') }]
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
    const bodies = {
      wecom: forWecom(message),
      dingtalk: forDingtalk(message),
      // A group of the company's own app calls people by their accounts, which need no phone number.
      group: message.called?.length ? asText(message) : asMarkdown(message),
      mention: message.called ?? [],
    };
    return { ...(await this.robots.post(ctx, message.robot, bodies)) };
  }

  answered(_node: Node, answer: Json, attempt: number): CallOutcome {
    const refusal = refusalOf(answer);
    if (!refusal) return { kind: 'next', port: 'next', output: { sent: 1 } };
    const { reason, passing } = refusal;
    return passing && attempt <= 5 ? { kind: 'again', reason } : { kind: 'failed', reason, output: null, passing };
  }

  private async message(step: Step): Promise<Message> {
    const { node, org, tx, ctx } = step;
    const language = await this.robots.languageOf(tx, ctx, node.robot);
    const values = step.values.in(language);
    const people = await resolvePeople(node.mention, values, org, step.starterId);
    return {
      robot: node.robot,
      title: (await values.text(node.title)).slice(0, 200),
      facts: await cardFacts(values, node.facts),
      link: this.link(step),
      mention: people.flatMap((id) => {
        const member = org.members.get(id);
        return member?.mobile ? [{ name: member.name, mobile: member.mobile }] : [];
      }),
      called: people,
      language,
    };
  }

  private link(step: Step): string | null {
    if (!step.node.record) return null;
    const { formId, recordId } = step.values.record(step.node.record);
    const appId = step.forms.get(formId)?.appId;
    return appId ? `${this.config.publicUrl}/apps/${appId}/forms/${formId}/records/${recordId}` : null;
  }
}

const words = {
  zh: { colon: '：', open: '查看详情' },
  en: { colon: ': ', open: 'Open' },
} as const;
const wordsOf = ({ language = 'zh' }: Message) => words[language];

/** A card calls nobody, Markdown nobody by phone number; plain text can. */
function forWecom(message: Message): object {
  if (message.mention.length === 0) return asCard(message) ?? asMarkdown(message);
  const { msgtype, text } = asText(message);
  return { msgtype, text: { ...text, mentioned_mobile_list: message.mention.map((item) => item.mobile) } };
}

/** What leads to a record and fits a phone is a card; null for the rest. */
function asCard({ title, facts, link }: Message): object | null {
  return link === null ? null : wecomNotice({ title, facts, url: link });
}

const asMarkdown = (message: Message): object => ({
  msgtype: 'markdown',
  markdown: { content: cut(markdown(message), longest.markdown) },
});

function asText(message: Message) {
  const { colon } = wordsOf(message);
  const facts = message.facts.map((fact) => `${fact.label}${colon}${fact.value}`);
  const lines = [message.title, ...facts, message.link ?? ''];
  return { msgtype: 'text', text: { content: cut(lines.filter(Boolean).join('\n'), longest.text) } };
}

/** Cards call nobody either. */
function forDingtalk(message: Message): object {
  const { title, link } = message;
  if (message.mention.length === 0 && link !== null && title !== '')
    return dingtalkNotice({
      title,
      text: markdown({ ...message, link: null }),
      open: wordsOf(message).open,
      url: link,
    });
  const called = message.mention.map((item) => `@${item.mobile}`).join(' ');
  return {
    msgtype: 'markdown',
    markdown: { title: message.title, text: [markdown(message), called].filter(Boolean).join('\n\n') },
    at: { atMobiles: message.mention.map((item) => item.mobile), isAtAll: false },
  };
}

function markdown(message: Message): string {
  const { title, facts, link } = message;
  const { colon, open } = wordsOf(message);
  const lines = [`**${plain(title)}**`, ...facts.map((fact) => `> ${plain(fact.label)}${colon}${plain(fact.value)}`)];
  return [...lines, ...(link ? [`[${open}](${link})`] : [])].join('\n\n');
}

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

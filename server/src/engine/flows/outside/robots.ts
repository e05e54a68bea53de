import { createHmac } from 'node:crypto';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { MemberId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Tx } from '../../../kernel/database/tx.js';
import type { OutboundHttp } from '../../../kernel/outbound/outbound-http.js';
import { CLOCK, OUTBOUND } from '../../../kernel/tokens.js';
import type { TenantContext } from '../../context.js';
import { GroupChats } from '../../ports.js';
import { covered, NotSent } from './pieces.js';
import { ownGroup, SecretsService, type SecretValue } from './secrets.service.js';

export interface RobotAnswer {
  status: number;
  body: string;
}

/** Messages to group chats through their robots, by the robot's name. */
@Injectable()
export class Robots {
  constructor(
    private readonly secrets: SecretsService,
    @Inject(OUTBOUND) private readonly outbound: OutboundHttp,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly groups: GroupChats,
  ) {}

  /** The language in which the robot's group is written to. */
  languageOf(tx: Tx, ctx: Pick<TenantContext, 'tenantId'>, name: string): Promise<Language> {
    return this.secrets.languageOf(tx, ctx, name);
  }

  /**
   * Posts the body that the group's platform takes; a group of the company's own app takes what WeCom's robots do.
   * @throws NotSent when the robot is gone; else whatever kept an answer away
   */
  async post(
    ctx: TenantContext,
    name: string,
    bodies: { wecom: object; dingtalk: object; group?: object; mention?: readonly MemberId[] },
  ): Promise<RobotAnswer> {
    const secrets = await this.secrets.values(ctx, [name]);
    const robot = secrets.get(name);
    if (!robot) throw new NotSent({ zh: `群机器人“${name}”已删除`, en: `the group robot "${name}" was deleted` });
    if (robot.value.startsWith(ownGroup))
      return this.groups.post(ctx, robot.value.slice(ownGroup.length), {
        body: bodies.group ?? bodies.wecom,
        mention: bodies.mention ?? [],
      });
    const dingtalk = new URL(robot.value).pathname.endsWith('/robot/send');
    const answer = await this.outbound.request({
      method: 'POST',
      url: dingtalk ? signed(robot, this.clock.now()) : robot.value,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(dingtalk ? bodies.dingtalk : bodies.wecom),
      maxBytes: 64 * 1024,
    });
    return { status: answer.status, body: covered(answer.body.toString('utf8').slice(0, 2000), secrets) };
  }
}

/** What is said of an answer that is only its status. */
export const answeredWith = (status: number): Words => ({
  zh: `对方返回 ${status}`,
  en: `the other system answered ${status}`,
});

/** Null when the robot's platform took the message, else why not; `passing` may go away by itself. */
export function refusalOf(answer: Json | RobotAnswer): { reason: Words; passing: boolean } | null {
  const { status, body } = answer as RobotAnswer;
  const { errcode, errmsg, english } = read(body);
  if (status < 300 && errcode === 0) return null;
  // 45009, 45033 of WeCom and 130101, 410100 of DingTalk: 20 messages a minute are all that a robot may send.
  const passing = status === 429 || [45009, 45033, 130101, 410100, -1].includes(errcode ?? 0);
  return {
    reason:
      errcode === undefined
        ? answeredWith(status)
        : {
            zh: `群机器人拒绝：${errcode} ${errmsg ?? ''}`,
            en: `the group robot refused: ${errcode} ${english ?? errmsg ?? ''}`,
          },
    passing,
  };
}

/** What people typed must not become links, mentions or headings. */
export const plainMarkdown = (text: string): string =>
  text.replace(/[\r\n]+/g, ' ').replace(/[[\]<>`*#]/g, (sign) => `\\${sign}`);

function signed({ value, signature }: SecretValue, now: Date): string {
  if (!signature) return value;
  const url = new URL(value);
  const timestamp = String(now.getTime());
  url.searchParams.set('timestamp', timestamp);
  url.searchParams.set('sign', createHmac('sha256', signature).update(`${timestamp}\n${signature}`).digest('base64'));
  return url.toString();
}

/** Groups of the company's own app say why in English too. */
function read(body: string): { errcode?: number; errmsg?: string; english?: string } {
  try {
    const parsed = JSON.parse(body) as { errcode?: unknown; errmsg?: unknown; english?: unknown };
    return {
      ...(typeof parsed.errcode === 'number' ? { errcode: parsed.errcode } : {}),
      ...(typeof parsed.errmsg === 'string' ? { errmsg: parsed.errmsg.slice(0, 200) } : {}),
      ...(typeof parsed.english === 'string' ? { english: parsed.english.slice(0, 200) } : {}),
    };
  } catch {
    return {};
  }
}

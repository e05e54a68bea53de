import { createHash, createHmac } from 'node:crypto';
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
import { passes, robotAdvice } from './robot-refusals.js';
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
    const { robot, secrets } = await this.robot(ctx, name);
    if (kindOf(robot) === 'group')
      return this.groups.post(ctx, robot.value.slice(ownGroup.length), {
        body: bodies.group ?? bodies.wecom,
        mention: bodies.mention ?? [],
      });
    const dingtalk = kindOf(robot) === 'dingtalk';
    const url = dingtalk ? signed(robot, this.clock.now()) : robot.value;
    return this.send(url, dingtalk ? bodies.dingtalk : bodies.wecom, secrets);
  }

  /**
   * Shows a PNG itself in the group, which needs no address that the platform could reach. Only WeCom's robots take pictures.
   * @returns whether the group has it; false where nothing was sent or the robot refused
   * @throws NotSent when the robot is gone; else whatever kept an answer away
   */
  async show(ctx: TenantContext, name: string, png: () => Promise<Buffer | null>): Promise<boolean> {
    const { robot, secrets } = await this.robot(ctx, name);
    const data = kindOf(robot) === 'wecom' ? await png() : null;
    if (!data || data.length > largestPicture) return false;
    const image = { base64: data.toString('base64'), md5: createHash('md5').update(data).digest('hex') };
    return refusalOf(await this.send(robot.value, { msgtype: 'image', image }, secrets)) === null;
  }

  private async robot(ctx: TenantContext, name: string) {
    const secrets = await this.secrets.values(ctx, [name]);
    const robot = secrets.get(name);
    if (!robot) throw new NotSent({ zh: `群机器人“${name}”已删除`, en: `the group robot "${name}" was deleted` });
    return { robot, secrets };
  }

  private async send(url: string, body: object, secrets: ReadonlyMap<string, SecretValue>): Promise<RobotAnswer> {
    const answer = await this.outbound.request({
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      maxBytes: 64 * 1024,
    });
    return { status: answer.status, body: covered(answer.body.toString('utf8').slice(0, 2000), secrets) };
  }
}

/** What WeCom's robots take of a picture, in bytes before base64 (WW/99110). */
const largestPicture = 2 * 1024 * 1024;

/** Whose group it is: of the company's own app, or of a robot of either platform. */
function kindOf({ value }: SecretValue): 'group' | 'dingtalk' | 'wecom' {
  if (value.startsWith(ownGroup)) return 'group';
  return new URL(value).pathname.endsWith('/robot/send') ? 'dingtalk' : 'wecom';
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
  const passing = status === 429 || passes(errcode);
  if (errcode === undefined) return { reason: answeredWith(status), passing };
  // Groups of the company's own app bring sentences of their own.
  const known = english === undefined ? robotAdvice(errcode, errmsg ?? '') : undefined;
  return {
    reason: known
      ? { zh: `${known.zh}（${errcode}）`, en: `${known.en} (${errcode})` }
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

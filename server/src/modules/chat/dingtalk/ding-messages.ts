import type { Card } from '@lianke/shared/chat/cards';
import { z } from 'zod';
import type { Said } from '../../../kernel/errors/said.js';
import { type Connection, testAction } from '../connection.js';
import type { CardPlace, Recalled, Recipient, Sent, SentCopy } from '../port/platform.js';
import type { DingApi } from './ding-api.js';
import { DingError } from './ding-error.js';
import { placeIn } from './mini-program.js';
import { barBody, cardBody, noticeBody, outcomeValues, templateNoticeBody, todoBody } from './render.js';

/** Every call that a message may need, each with its exact bytes; kept before the first attempt. */
const plan = z.object({
  /** The interactive card; null where nothing can be pressed yet. */
  card: z.string().nullable(),
  /** The work notice: instead of the card, or when the card is refused. */
  notice: z.string(),
  /** The notice goes through a template, whose outcome cannot be shown. */
  byTemplate: z.boolean().default(false),
  todo: z.object({ unionid: z.string(), body: z.string() }).nullable(),
});
type Plan = z.infer<typeof plan>;

/** What the platform answered and an outcome needs. */
const receipt = z.object({
  card: z.string().optional(),
  notice: z.number().optional(),
  byTemplate: z.boolean().optional(),
  todo: z.string().optional(),
});
type Receipt = z.infer<typeof receipt>;

const delivered = z.object({
  result: z.object({
    deliverResults: z.array(z.object({ success: z.boolean(), errorMsg: z.string().nullish() })).nullish(),
  }),
});
const taken = z.object({ task_id: z.coerce.number().int() });
const noticeResult = z.object({
  send_result: z.object({
    invalid_user_id_list: z.array(z.string()).nullish(),
    failed_user_id_list: z.array(z.string()).nullish(),
    read_user_id_list: z.array(z.string()).nullish(),
    unread_user_id_list: z.array(z.string()).nullish(),
    forbidden_list: z.array(z.object({ code: z.coerce.number(), userid: z.coerce.string().nullish() })).nullish(),
  }),
});
const made = z.object({ id: z.string().min(1) });
const anything = z.looseObject({});
const todoPage = z.object({
  nextToken: z.string().nullish(),
  todoCards: z.array(z.object({ taskId: z.string(), sourceId: z.string().nullish() })).nullish(),
});
/** Pages of a person's open to-dos that are searched for one of ours. */
const maxTodoPages = 20;

/** Name under which our address for presses is registered. */
export function routeKeyOf(connection: Pick<Connection, 'id'>): string {
  return `lianke-${connection.id}`;
}

/** Whether buttons come back: a template is named and a test card's press has arrived (or this is that test card). */
function mayPress(connection: Connection, card: Card): boolean {
  if (!connection.settings.cardTemplateId) return false;
  // The template of an app of the directory is the provider's and proven before any company has it.
  if (connection.suiteId !== null) return true;
  const test = card.buttons.some((button) => button.action.startsWith(`${testAction}:`));
  return test || connection.state.testPressedAt !== undefined;
}

/** Messages at DingTalk: an interactive card with a to-do, or a work notice (reference B7, B9, B10, C2). */
export class DingMessages {
  constructor(private readonly api: DingApi) {}

  compose(connection: Connection, to: Recipient, card: Card, at: CardPlace): string {
    const place = placeIn(connection, card, at);
    const { cardTemplateId, robotCode, push } = connection.settings;
    const own = connection.suiteId === null;
    const interactive = card.buttons.length > 0 && mayPress(connection, card) && (own || to.unionid !== null);
    const template = this.api.noticeTemplate(connection);
    const made: Plan = {
      card: interactive
        ? cardBody(
            {
              templateId: cardTemplateId ?? '',
              robotCode: robotCode || (connection.appKey ?? ''),
              push: push ?? 'stream',
              routeKey: routeKeyOf(connection),
              userIdType: own ? 1 : 2,
            },
            own ? to.userid : (to.unionid ?? ''),
            card,
            place,
          )
        : null,
      notice:
        template === null
          ? noticeBody(connection.agentId, to.userid, card, place)
          : templateNoticeBody(connection.agentId, template, to.userid, card, place),
      byTemplate: template !== null,
      todo:
        place.pending && card.buttons.length > 0 && to.unionid
          ? { unionid: to.unionid, body: todoBody(to.unionid, card, place) }
          : null,
    };
    return JSON.stringify(made);
  }

  /** Each call carries our own key, so that all of them may be repeated until the last one has worked. */
  async send(connection: Connection, to: Recipient, body: string): Promise<Sent> {
    const asked = plan.parse(JSON.parse(body));
    const problems: Said[] = [];
    const got: Receipt = asked.card === null ? {} : await this.sendCard(connection, asked.card, problems);
    let unproven = false;
    if (got.card === undefined) {
      got.notice = await this.sendNotice(connection, asked);
      if (asked.byTemplate) got.byTemplate = true;
      unproven = !(await this.noticed(connection, to, got.notice));
    }
    if (asked.todo) {
      const todo = await this.makeTodo(connection, asked.todo, problems);
      if (todo !== null) got.todo = todo;
    }
    return {
      msgid: got.card ?? String(got.notice ?? ''),
      responseCode: null,
      receipt: { ...got },
      unproven,
      ...(problems[0] === undefined ? {} : { problem: problems[0] }),
    };
  }

  /** Whether the person has what was sent, as far as the platform tells by now (D16). */
  async arrived(connection: Connection, copy: Pick<SentCopy, 'recipient' | 'receipt'>): Promise<boolean> {
    const got = receipt.catch({}).parse(copy.receipt ?? {});
    return got.notice === undefined || this.noticed(connection, copy.recipient, got.notice);
  }

  async showOutcome(connection: Connection, copy: SentCopy): Promise<'shown' | 'gone'> {
    const got = receipt.catch({}).parse(copy.receipt ?? {});
    const shown = await this.changeMessage(connection, copy, got);
    if (got.todo !== undefined && copy.recipient.unionid)
      await this.changeTodo(connection, copy.recipient.unionid, got.todo, 'PUT');
    return shown;
  }

  /** Work notices are taken back within 24 hours; interactive cards never are and say so instead. A to-do is deleted. */
  async recall(connection: Connection, copy: SentCopy): Promise<Recalled> {
    const got = receipt.catch({}).parse(copy.receipt ?? {});
    const recalled = await this.recallMessage(connection, copy, got);
    if (got.todo !== undefined && copy.recipient.unionid && typeof recalled === 'string')
      await this.changeTodo(connection, copy.recipient.unionid, got.todo, 'DELETE');
    return recalled;
  }

  /** Tells where presses go when they come by HTTP. */
  async registerRoute(connection: Connection, url: string): Promise<void> {
    const body = JSON.stringify({
      callbackRouteKey: routeKeyOf(connection),
      callbackUrl: url,
      apiSecret: connection.callbackAesKey,
      forceUpdate: true,
    });
    await this.api.new(connection, { method: 'POST', path: 'card/callbacks/register', body, schema: anything });
  }

  /** Empty when the card is refused for a reason that a plain notice does not have. */
  private async sendCard(connection: Connection, body: string, problems: Said[]): Promise<Receipt> {
    const { outTrackId } = z.object({ outTrackId: z.string() }).parse(JSON.parse(body));
    try {
      const answer = await this.api.new(connection, {
        method: 'POST',
        path: 'card/instances/createAndDeliver',
        body,
        schema: delivered,
      });
      const failed = answer.result.deliverResults?.find((one) => !one.success);
      if (failed) throw new DingError('param.userIdNotExist', failed.errorMsg ?? 'not delivered');
      return { card: outTrackId };
    } catch (error) {
      if (!(error instanceof DingError)) throw error;
      if (error.kind === 'duplicate') return { card: outTrackId };
      if (error.kind !== 'config' && error.kind !== 'other') throw error;
      problems.push(error.words());
      return {};
    }
  }

  private async sendNotice(connection: Connection, { notice, byTemplate }: Plan): Promise<number> {
    const path = `topapi/message/corpconversation/${byTemplate ? 'sendbytemplate' : 'asyncsend_v2'}`;
    return (await this.api.old(connection, path, notice, taken)).task_id;
  }

  /** Whether a notice is there; false while nobody knows. @throws DingError when the platform holds it back from the person */
  private async noticed(connection: Connection, to: Recipient, taskId: number): Promise<boolean> {
    const body = JSON.stringify({ agent_id: Number(connection.agentId), task_id: taskId });
    let result: z.infer<typeof noticeResult>['send_result'];
    try {
      const path = 'topapi/message/corpconversation/getsendresult';
      result = (await this.api.old(connection, path, body, noticeResult)).send_result;
    } catch (error) {
      // Nobody knows yet, which is no reason to send it again.
      if (error instanceof DingError) return false;
      throw error;
    }
    if (result.invalid_user_id_list?.includes(to.userid)) throw new DingError('param.userIdNotExist', to.userid);
    const held = result.forbidden_list?.find((one) => !one.userid || one.userid === to.userid);
    const refused = held && new DingError(held.code, 'held back by the platform');
    // The platform takes the same words to the same person once a day: a repeat is there already.
    if (refused) {
      if (refused.kind !== 'duplicate') throw refused;
      return true;
    }
    if (result.failed_user_id_list?.includes(to.userid)) throw new DingError(-1, 'not delivered');
    return [result.read_user_id_list, result.unread_user_id_list].some((list) => list?.includes(to.userid));
  }

  /** Null when the platform takes no to-do from us: the card or notice is there all the same. */
  private async makeTodo(
    connection: Connection,
    { unionid, body }: NonNullable<Plan['todo']>,
    problems: Said[],
  ): Promise<string | null> {
    const person = encodeURIComponent(unionid);
    const path = `todo/users/${person}/tasks?operatorId=${person}`;
    try {
      return (await this.api.new(connection, { method: 'POST', path, body, schema: made })).id;
    } catch (error) {
      if (!(error instanceof DingError)) throw error;
      if (/task exist/.test(error.text)) {
        const { sourceId } = z.object({ sourceId: z.string() }).parse(JSON.parse(body));
        return this.findTodo(connection, unionid, sourceId);
      }
      if (error.kind === 'retry' || error.kind === 'throttled' || error.kind === 'refresh') throw error;
      problems.push(error.words());
      return null;
    }
  }

  /** The id of a to-do that an attempt without an answer has made. */
  private async findTodo(connection: Connection, unionid: string, sourceId: string): Promise<string | null> {
    const path = `todo/users/${encodeURIComponent(unionid)}/org/tasks/query`;
    let nextToken = '0';
    for (let page = 0; page < maxTodoPages; page++) {
      const body = JSON.stringify({ nextToken, isDone: false });
      const answer = await this.api.new(connection, { method: 'POST', path, body, schema: todoPage });
      const found = answer.todoCards?.find((todo) => todo.sourceId === sourceId);
      if (found) return found.taskId;
      if (!answer.nextToken) break;
      nextToken = answer.nextToken;
    }
    return null;
  }

  /** Finishes a to-do, or deletes it. */
  private async changeTodo(
    connection: Connection,
    unionid: string,
    id: string,
    method: 'PUT' | 'DELETE',
  ): Promise<void> {
    const person = encodeURIComponent(unionid);
    const path = `todo/users/${person}/tasks/${encodeURIComponent(id)}?operatorId=${person}`;
    try {
      const body = method === 'PUT' ? { body: JSON.stringify({ done: true }) } : {};
      await this.api.new(connection, { method, path, ...body, schema: anything });
    } catch (error) {
      // Whoever deleted his to-do has none to be changed.
      if (!(error instanceof DingError && /task not exist/.test(error.text))) throw error;
    }
  }

  private async recallMessage(connection: Connection, copy: SentCopy, got: Receipt): Promise<Recalled> {
    if (got.card !== undefined) {
      const shown = await this.changeCard(connection, got.card, copy.outcome);
      return shown === 'shown' ? 'marked' : { refused: 'the card is gone' };
    }
    if (got.notice === undefined) return { refused: 'no id to recall by' };
    const body = JSON.stringify({ agent_id: Number(connection.agentId), msg_task_id: got.notice });
    try {
      await this.api.old(connection, 'topapi/message/corpconversation/recall', body, anything);
      return 'recalled';
    } catch (error) {
      if (!(error instanceof DingError) || error.code !== 400002) throw error;
      // The platform tells neither what is too old nor what was taken back before from an id that it does not know.
      return copy.unknownBefore ? 'recalled' : { refused: 'too late to recall' };
    }
  }

  private async changeMessage(connection: Connection, copy: SentCopy, got: Receipt): Promise<'shown' | 'gone'> {
    if (got.card !== undefined) return this.changeCard(connection, got.card, copy.outcome);
    if (got.notice !== undefined && copy.card.buttons.length > 0) {
      if (got.byTemplate) return 'gone';
      return this.changeNotice(connection, got.notice, copy.outcome);
    }
    return 'shown';
  }

  private async changeCard(connection: Connection, outTrackId: string, outcome: string): Promise<'shown' | 'gone'> {
    const body = JSON.stringify({
      outTrackId,
      cardData: { cardParamMap: outcomeValues(outcome) },
      // Without them all other values would be wiped (D20).
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
      userIdType: connection.suiteId === null ? 1 : 2,
    });
    try {
      await this.api.new(connection, { method: 'PUT', path: 'card/instances', body, schema: anything });
      return 'shown';
    } catch (error) {
      if (error instanceof DingError && error.kind === 'card-gone') return 'gone';
      throw error;
    }
  }

  private async changeNotice(connection: Connection, taskId: number, outcome: string): Promise<'shown' | 'gone'> {
    const path = 'topapi/message/corpconversation/status_bar/update';
    try {
      await this.api.old(connection, path, barBody(connection.agentId, taskId, outcome), anything);
      return 'shown';
    } catch (error) {
      // Older than seven days, or recalled.
      if (error instanceof DingError && (error.code === 40035 || error.code === 400002)) return 'gone';
      throw error;
    }
  }
}

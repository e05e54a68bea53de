import type { Callbacks } from './callbacks.js';
import { checkCard } from './card-rules.js';
import { type Face, INTERACTIVE, type Selections } from './card-types.js';
import type { WecomContext } from './context.js';
import { WecomError } from './errors.js';
import { memberAs, shownUserid } from './ids.js';
import { needBound } from './message-rules.js';
import { mintResponseCode, type RawCall, requireAgent } from './messages.js';
import { type Json, object } from './reader.js';
import { translateCard } from './translate.js';
import {
  type App,
  type Corp,
  departmentTree,
  findCorp,
  findMember,
  type Message,
  type ResponseCode,
  taggedIn,
} from './world.js';
import type { XmlNode } from './xml.js';

/** Why a press on the phone did nothing; `message` is for people. */
export class PressError extends Error {
  constructor(
    readonly reason: 'not-found' | 'replaced' | 'recalled' | 'unknown-key' | 'no-selection',
    message: string,
  ) {
    super(message);
    this.name = 'PressError';
  }
}

interface Pressed {
  event: 'template_card_event' | 'template_card_menu_event';
  selections: Selections;
}

/** What a key on this card means; refuses keys that are not on it. */
function pressed(face: Face, key: string, chosen: Selections): Pressed {
  const { card } = face;
  if (card.action_menu?.action_list.some((item) => item.key === key))
    return { event: 'template_card_menu_event', selections: {} };
  const questions = card.checkbox
    ? [card.checkbox]
    : (card.select_list ?? (card.button_selection ? [card.button_selection] : []));
  const isButton = card.button_list?.some((button) => button.key === key) ?? false;
  if (!isButton && card.submit_button?.key !== key) {
    const keys = [
      ...(card.button_list ?? []).flatMap((button) => button.key ?? []),
      ...(card.submit_button ? [card.submit_button.key] : []),
    ];
    throw new PressError('unknown-key', `卡片上没有按钮「${key}」，可以按的是：${keys.join('、') || '无'}`);
  }
  const selections: Selections = {};
  for (const question of questions) {
    const ids = new Set(question.option_list.map((option) => option.id));
    const preset =
      'selected_id' in question && question.selected_id
        ? [question.selected_id]
        : question.option_list.flatMap((option) => ('is_checked' in option && option.is_checked ? [option.id] : []));
    const answer = chosen[question.question_key] ?? preset;
    const wrong = answer.find((id) => !ids.has(id));
    if (wrong !== undefined)
      throw new PressError('no-selection', `选项「${wrong}」不在问题「${question.question_key}」里`);
    selections[question.question_key] = answer;
  }
  return { event: 'template_card_event', selections };
}

/**
 * A person presses a button on their copy of a card. The copy stays pressable until the application updates it, as on the
 * real phone; the application gets `template_card_event` with a fresh one-time ResponseCode (WW/90240).
 */
export function pressCard(
  context: WecomContext,
  callbacks: Callbacks,
  input: { msgid: string; userid: string; key: string; selections: Selections },
): { deliveryId: string } {
  const message = context.world.messages.get(input.msgid);
  const face = message?.faces.get(input.userid.toLowerCase());
  const corp = message ? findCorp(context.world, message.corpId) : undefined;
  const member = corp ? findMember(corp, input.userid) : undefined;
  if (!message || !face || !corp || !member)
    throw new PressError('not-found', `${input.userid} 的手机上没有卡片 ${input.msgid}`);
  if (message.recalled) throw new PressError('recalled', '这条消息已被撤回');
  if (face.replaced !== null) throw new PressError('replaced', `卡片已显示「${face.replaced}」，按钮不能再按`);
  const { event, selections } = pressed(face, input.key, input.selections);
  const delivery = callbacks.send(corp.corpId, message.agentId, {
    ToUserName: corp.corpId,
    FromUserName: shownUserid(corp.apps.get(message.agentId) ?? { suite: null }, member.userid),
    CreateTime: context.clock.seconds(),
    MsgType: 'event',
    Event: event,
    EventKey: input.key,
    TaskId: message.taskId ?? '',
    CardType: face.card.card_type,
    ResponseCode: mintResponseCode(context, message, 'click'),
    AgentID: message.agentId,
    ...selectedItems(selections),
  });
  if (context.switches.sendCodeAfterClick === 'void')
    for (const code of context.world.responseCodes.values())
      if (code.msgid === message.msgid && code.origin === 'send') code.used = true;
  face.presses.push({ key: input.key, at: context.clock.now(), deliveryId: delivery.id });
  context.journal.add({
    kind: 'card-pressed',
    corpId: corp.corpId,
    userid: member.userid,
    msgid: message.msgid,
    key: input.key,
  });
  context.hub.emit({ kind: 'card', corpId: corp.corpId, userids: [member.userid] });
  return { deliveryId: delivery.id };
}

/** `SelectedItems` holds repeated `SelectedItem`, each with one `OptionIds` of repeated `OptionId`. */
function selectedItems(selections: Selections): XmlNode {
  const items = Object.entries(selections).map(([question, ids]) => ({
    QuestionKey: question,
    OptionIds: { OptionId: ids },
  }));
  return items.length > 0 ? { SelectedItems: { SelectedItem: items } } : {};
}

function usableCode(
  context: WecomContext,
  corp: Corp,
  app: App,
  value: unknown,
): { code: ResponseCode; message: Message } {
  const code = typeof value === 'string' ? context.world.responseCodes.get(value) : undefined;
  if (!code || code.corpId !== corp.corpId || code.used || code.expiresAt <= context.clock.now())
    throw new WecomError(60140);
  if (code.agentId !== app.agentId) throw new WecomError(42015);
  const message = context.world.messages.get(code.msgid);
  if (!message) throw new WecomError(42016);
  return { code, message };
}

function strings(value: unknown, name: string, limit: number): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > limit)
    throw new WecomError(40058, `${name} must be a list of at most ${limit}`);
  return value.map((item) => {
    if (typeof item !== 'string' && typeof item !== 'number') throw new WecomError(40058, name);
    return String(item);
  });
}

/** Whom an update reaches; only who received the card can be updated. */
function targets(corp: Corp, app: App, message: Message, raw: Json): { reached: string[]; invalid: string[] } {
  if (raw.atall === 1) return { reached: [...message.faces.keys()], invalid: [] };
  const userids = strings(raw.userids, 'userids', 1000);
  const parties = strings(raw.partyids, 'partyids', 100);
  const tags = strings(raw.tagids, 'tagids', 100);
  if (userids.length + parties.length + tags.length === 0)
    throw new WecomError(82001, 'userids, partyids, tagids and atall are all empty');
  const reached = new Set<string>();
  const invalid: string[] = [];
  for (const id of userids) {
    const userid = memberAs(corp, app, id)?.userid.toLowerCase() ?? '';
    if (message.faces.has(userid)) reached.add(userid);
    else invalid.push(id.toLowerCase());
  }
  for (const party of parties) {
    const tree = new Set(departmentTree(corp, Number(party)));
    for (const userid of message.faces.keys())
      if (findMember(corp, userid)?.departments.some((id) => tree.has(id))) reached.add(userid);
  }
  for (const userid of tags.flatMap((id) => taggedIn(corp, Number(id))))
    if (message.faces.has(userid)) reached.add(userid);
  return { reached: [...reached], invalid };
}

/**
 * `message/update_template_card` (WW/94888): greys out the button (`button.replace_name`) or replaces the card. The
 * response code serves once; a refused call leaves it usable. Answers who had no such card, lower-cased.
 */
export function updateTemplateCard(
  context: WecomContext,
  corp: Corp,
  app: App,
  raw: Json,
  call: RawCall,
): Record<string, unknown> {
  requireAgent(app, raw.agentid);
  const { code, message } = usableCode(context, corp, app, raw.response_code);
  const { reached, invalid } = targets(corp, app, message, raw);
  const change = changeOf(corp, app, message, raw, call);
  code.used = true;
  for (const userid of reached) {
    const face = message.faces.get(userid);
    if (!face) continue;
    change(face);
    face.updatedAt = context.clock.now();
  }
  context.recorder.add({
    at: context.clock.now(),
    kind: 'update',
    corpId: corp.corpId,
    agentId: app.agentId,
    taskId: message.taskId,
    msgid: message.msgid,
    errcode: 0,
    delivered: reached,
    suppressed: null,
    raw: call.raw,
    headerKey: call.headerKey,
  });
  context.journal.add({ kind: 'card-updated', corpId: corp.corpId, userids: reached, msgid: message.msgid });
  context.hub.emit({ kind: 'card', corpId: corp.corpId, userids: reached });
  return invalid.length > 0 ? { invaliduser: invalid } : {};
}

function changeOf(corp: Corp, app: App, message: Message, raw: Json, call: RawCall): (face: Face) => void {
  if (raw.template_card !== undefined) {
    const { card, warnings } = checkCard(raw.template_card, 'update');
    call.warnings.push(...warnings);
    needBound(card, app.miniProgramAppId);
    const shown = raw.enable_id_trans === 1 ? translateCard(corp, app, card) : card;
    return (face) => {
      face.card = structuredClone(shown);
      face.replaced = shown.replace_text ?? null;
    };
  }
  const name = object(raw.button, 'button')?.replace_name;
  if (typeof name !== 'string' || name === '')
    throw new WecomError(42018, 'button.replace_name or template_card is required');
  const current = message.content.kind === 'template_card' ? message.content.card.card_type : null;
  if (!current || !INTERACTIVE.includes(current))
    throw new WecomError(42031, 'button.replace_name works on interactive cards only');
  return (face) => {
    face.replaced = name;
  };
}

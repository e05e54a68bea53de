import { checkCard } from './card-rules.js';
import { type Face, INTERACTIVE } from './card-types.js';
import type { WecomContext } from './context.js';
import { decryptMessage, sameSignature, signatureOf } from './crypto.js';
import { WecomError } from './errors.js';
import type { CallbackConfig, Delivery } from './world.js';
import { fromXml } from './xml.js';

type Node = Record<string, unknown>;

/** Elements that are repeated for every item, also where there is one. */
const LISTS = new Set([
  'action_list',
  'horizontal_content_list',
  'vertical_content_list',
  'jump_list',
  'button_list',
  'option_list',
  'select_list',
]);
const NUMBERS = new Set(['type', 'style', 'desc_color', 'mode']);
/** Names that are not the JSON's with capitals. */
const NAMES: Record<string, string> = {
  KeyName: 'keyname',
  UserId: 'userid',
  AppId: 'appid',
  PagePath: 'pagepath',
  CheckBox: 'checkbox',
};

const isNode = (value: unknown): value is Node => value !== null && typeof value === 'object' && !Array.isArray(value);

/** A card in the CamelCase of passive replies as the JSON interface has it. */
function jsonOf(node: Node): Node {
  const snake = (name: string) => NAMES[name] ?? name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
  const one = (name: string, value: unknown): unknown => {
    if (isNode(value)) return jsonOf(value);
    return NUMBERS.has(name) ? Number(value) : value;
  };
  return Object.fromEntries(
    Object.entries(node).map(([element, value]) => {
      const name = snake(element);
      if (Array.isArray(value)) return [name, value.map((item) => one(name, item))];
      return [name, LISTS.has(name) ? [one(name, value)] : one(name, value)];
    }),
  );
}

/** The reply inside its envelope; throws what is wrong with it. */
function open(config: Pick<CallbackConfig, 'token' | 'aesKey'>, receiveId: string, answer: string): Node {
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = fromXml(answer);
  const encrypt = String(Encrypt ?? '');
  const expected = signatureOf(config.token, String(TimeStamp ?? ''), String(Nonce ?? ''), encrypt);
  if (!sameSignature(expected, String(MsgSignature ?? ''))) throw new Error('签名不对');
  return fromXml(decryptMessage({ aesKey: config.aesKey, receiveId, encrypt }).message);
}

function changeOf(reply: Node): (face: Face) => void {
  if (reply.MsgType === 'update_button') {
    const name = isNode(reply.Button) ? String(reply.Button.ReplaceName ?? '') : '';
    if (name === '') throw new Error('缺少 Button.ReplaceName');
    return (face) => {
      if (INTERACTIVE.includes(face.card.card_type)) face.replaced = name;
    };
  }
  if (reply.MsgType !== 'update_template_card') throw new Error(`MsgType「${String(reply.MsgType)}」不更新卡片`);
  const { card } = checkCard(isNode(reply.TemplateCard) ? jsonOf(reply.TemplateCard) : undefined, 'update');
  return (face) => {
    face.card = structuredClone(card);
    face.replaced = card.replace_text ?? null;
  };
}

/**
 * What an application answers to a press (A14). A reply to a menu's event changes the presser's card; of one to a button's event
 * the documents contradict each other, so that a switch says whether it does. Answers what the log should warn of.
 */
export function passiveReply(
  context: WecomContext,
  delivery: Delivery,
  target: { config: Pick<CallbackConfig, 'token' | 'aesKey'>; receiveId: string },
  answer: string,
): string | null {
  const button = delivery.event === 'template_card_event';
  if ((!button && delivery.event !== 'template_card_menu_event') || !answer.includes('<Encrypt>')) return null;
  if (button && context.switches.passiveReply === 'ignored') return '被动回复：平台不理会对 template_card_event 的回复';
  try {
    const change = changeOf(open(target.config, target.receiveId, answer));
    const event = fromXml(delivery.xml);
    const msgid = context.world.taskIds.get(`${delivery.corpId}/${delivery.agentId}/${String(event.TaskId)}`);
    const userid = String(event.FromUserName).toLowerCase();
    const face = context.world.messages.get(msgid ?? '')?.faces.get(userid);
    if (!face) return '被动回复：没有这张卡片';
    change(face);
    face.updatedAt = context.clock.now();
    context.hub.emit({ kind: 'card', corpId: delivery.corpId, userids: [userid] });
    return null;
  } catch (error) {
    if (error instanceof WecomError) return `被动回复：${error.errcode} ${error.message}`;
    return `被动回复：${error instanceof Error ? error.message : String(error)}`;
  }
}

import { OapiError } from './errors.js';

type Body = Record<string, unknown>;

const isObject = (value: unknown): value is Body =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The whole message, in bytes of UTF-8 (DD/asyncsend_v2). */
const LARGEST = 2048;
/** Characters of each part. What the platform only advises is not here. */
const LONGEST = { title: 100, text: 500, oaTitle: 50, button: 20, single: 500, several: 700, buttons: 1000 };

/** Objects may come as JSON text, as form posts send them. */
export function object(value: unknown, name: string): Body {
  const read = json(value, name);
  if (!isObject(read)) throw new OapiError(40035, `缺少 ${name}`);
  return read;
}

function json(value: unknown, name: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new OapiError(40035, `${name} 不是 JSON`);
  }
}

/** A text that must be there, at most so long in characters. */
function need(part: Body, name: string, most = Number.POSITIVE_INFINITY): string {
  const value = part[name];
  if (typeof value !== 'string' || value === '') throw new OapiError(40035, `缺少 ${name}`);
  if ([...value].length > most) throw new OapiError(40035, `${name} 超过 ${most} 个字符`);
  return value;
}

const checks: Record<string, (part: Body) => void> = {
  text: (part) => void need(part, 'content'),
  // Nothing can have been uploaded here, so every media id is unknown.
  image: refuseMedia,
  voice: refuseMedia,
  file: refuseMedia,
  link: (part) => {
    need(part, 'messageUrl');
    need(part, 'picUrl');
    need(part, 'title', LONGEST.title);
    need(part, 'text', LONGEST.text);
  },
  markdown: (part) => {
    need(part, 'title');
    need(part, 'text');
  },
  oa: (part) => {
    need(part, 'message_url');
    object(part.head, 'head');
    const body = object(part.body, 'body');
    if (body.title !== undefined) need(body, 'title', LONGEST.oaTitle);
    if (body.form !== undefined && !(Array.isArray(body.form) && body.form.every(isObject)))
      throw new OapiError(40035, 'form 须是 key 与 value 的列表');
  },
  action_card: actionCard,
};

function refuseMedia(part: Body): never {
  throw new OapiError(40035, `media_id「${need(part, 'media_id')}」不存在`);
}

/** One link for the whole card, or a list of buttons that are links. */
function actionCard(part: Body): void {
  need(part, 'title');
  need(part, 'markdown');
  if (part.btn_json_list === undefined) {
    need(part, 'single_title', LONGEST.button);
    need(part, 'single_url', LONGEST.single);
    return;
  }
  const buttons = json(part.btn_json_list, 'btn_json_list');
  if (!Array.isArray(buttons) || buttons.length === 0 || !buttons.every(isObject))
    throw new OapiError(40035, 'btn_json_list 须是按钮的列表');
  if (!['0', '1'].includes(String(part.btn_orientation ?? '0')))
    throw new OapiError(40035, 'btn_orientation 须是 0 或 1');
  for (const button of buttons) {
    need(button, 'title', LONGEST.button);
    need(button, 'action_url', LONGEST.several);
  }
  if (JSON.stringify(buttons).length > LONGEST.buttons) throw new OapiError(40035, 'btn_json_list 超过 1000 个字符');
}

/** Checks the message of a work notice by its kind (reference B7). @throws OapiError 40035 */
export function checkNotice(msg: Body): void {
  const kind = String(msg.msgtype);
  const check = Object.hasOwn(checks, kind) ? checks[kind] : undefined;
  if (!check) throw new OapiError(40035, `msgtype「${kind}」不支持`);
  if (Buffer.byteLength(JSON.stringify(msg)) > LARGEST) throw new OapiError(40035, '消息体超过 2048 字节');
  check(object(msg[kind], kind));
}

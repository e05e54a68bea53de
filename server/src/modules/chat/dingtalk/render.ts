import type { Card } from '@lianke/shared/chat/cards';
import { actionSlots } from '@lianke/shared/chat/dingtalk-setup';
import { cutBytes, cutCharacters } from '../cut-text.js';
import { say } from '../texts.js';
import type { DingPlace } from './mini-program.js';
import { keyOf } from './questions.js';

/** A value of a card's variable (B9). */
const maxValueBytes = 1024;
const maxFacts = 6;
/** Lengths of B7 and B10 in characters, beyond which a phone folds or the platform refuses. */
const limits = {
  title: 50,
  label: 20,
  value: 60,
  markdown: 1000,
  subject: 200,
  description: 1000,
  button: 20,
} as const;
/** All of a work notice's `msg` (B7). */
const maxNoticeBytes = 2048;
/** Colours of a notice's status bar: waiting, done. */
const bar = { waiting: '0xFFFF9D46', done: '0xFF78C06E' } as const;

export type CardValues = Record<string, string>;

/** The variables of our template for a card whose buttons can be pressed. */
export function cardValues(card: Card, place: DingPlace): CardValues {
  const pressed = card.buttons.filter((button) => !button.opens).slice(0, actionSlots);
  const opens = card.buttons.find((button) => button.opens);
  const buttons = Array.from({ length: actionSlots }, (_, index) => ({ slot: index + 1, button: pressed[index] }));
  return {
    title: cutBytes(oneLine(card.title), maxValueBytes),
    description: cutBytes(card.description?.trim() ?? '', maxValueBytes),
    contents: contentsOf(card),
    status: card.buttons.length > 0 ? 'pending' : 'done',
    outcome: '',
    url: place.mini?.scheme ?? place.url,
    open_text: cutCharacters(opens?.text ?? say('open', {}, place.language), limits.button),
    ...Object.fromEntries(
      buttons.flatMap(({ slot, button }) => {
        if (button && Buffer.byteLength(button.action) > maxValueBytes)
          throw new RangeError('the action of a button is too long');
        return [
          [`a${slot}_text`, cutCharacters(button?.text ?? '', limits.button)],
          [`a${slot}_key`, button ? keyOf(card, button) : ''],
        ];
      }),
    ),
  };
}

/** What of the variables an outcome changes. */
export function outcomeValues(outcome: string): CardValues {
  return {
    status: 'done',
    outcome: cutBytes(oneLine(outcome), maxValueBytes),
    ...Object.fromEntries(Array.from({ length: actionSlots }, (_, index) => [`a${index + 1}_text`, ''])),
  };
}

/** The lines of a card as JSON, as many as fit into one variable. */
function contentsOf(card: Card): string {
  const lines = factsOf(card);
  for (let count = lines.length; ; count--) {
    const json = JSON.stringify(lines.slice(0, count).map(({ label, value }) => ({ label, text: value })));
    if (Buffer.byteLength(json) <= maxValueBytes || count === 0) return json;
  }
}

/** The bytes of a `createAndDeliver` to one person's chat with the robot; `outTrackId` is the message's own id. */
export function cardBody(
  target: {
    templateId: string;
    robotCode: string;
    push: 'stream' | 'http';
    routeKey: string;
    /** 1: `userid` is one; 2: it is a unionid, by which apps of the directory know people. */
    userIdType: 1 | 2;
  },
  userid: string,
  card: Card,
  place: DingPlace,
): string {
  const words = cutCharacters(oneLine(card.title), limits.title);
  return JSON.stringify({
    cardTemplateId: target.templateId,
    outTrackId: place.taskId,
    callbackType: target.push === 'stream' ? 'STREAM' : 'HTTP',
    ...(target.push === 'http' ? { callbackRouteKey: target.routeKey } : {}),
    cardData: { cardParamMap: cardValues(card, place) },
    openSpaceId: `dtv1.card//IM_ROBOT.${userid}`,
    imRobotOpenSpaceModel: {
      supportForward: false,
      lastMessageI18n: { ZH_CN: words },
      notification: { alertContent: words, notificationOff: false },
    },
    imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: target.robotCode },
    userIdType: target.userIdType,
  });
}

/**
 * The bytes of a work notice to one person. What waits for him is an OA message with a status bar, everything else a card
 * with one link. The number at its end tells two notices of the same words apart, which the platform would deliver once a
 * day only; repeated byte for byte, that same rule keeps a notice from arriving twice.
 */
export function noticeBody(agentId: string, userid: string, card: Card, place: DingPlace): string {
  const tail = `${place.source} ${place.taskId.slice(-8)}`;
  const waits = card.buttons.length > 0;
  const whole = waits ? oaMessage(card, place, tail) : linkMessage(card, place, tail, limits.markdown);
  const msg =
    Buffer.byteLength(JSON.stringify(whole)) <= maxNoticeBytes
      ? whole
      : waits
        ? oaMessage({ ...card, description: '', facts: card.facts.slice(0, 3) }, place, tail)
        : linkMessage(card, place, tail, limits.markdown / 4);
  return JSON.stringify({ agent_id: Number(agentId), userid_list: userid, to_all_user: false, msg });
}

/**
 * The bytes of a work notice through a template of the directory's app (`sendbytemplate`, B7), which has the variables
 * `title`, `content` and `url`.
 */
export function templateNoticeBody(
  agentId: string,
  templateId: string,
  userid: string,
  card: Card,
  place: DingPlace,
): string {
  const lines = factsOf(card).map((fact) => say('fact', fact, place.language));
  const content = [card.description?.trim() ?? '', ...lines].filter(Boolean).join('\n');
  const data = {
    title: cutCharacters(oneLine(card.title), limits.title),
    content: `${cutCharacters(content, limits.subject)} ${place.taskId.slice(-8)}`.trim(),
    url: place.url,
  };
  return JSON.stringify({
    agent_id: Number(agentId),
    template_id: templateId,
    userid_list: userid,
    data: JSON.stringify(data),
  });
}

function oaMessage(card: Card, place: DingPlace, tail: string) {
  return {
    msgtype: 'oa',
    oa: {
      message_url: place.mini?.notice ?? place.url,
      pc_message_url: place.url,
      head: { bgcolor: 'FF1677FF', text: place.source },
      status_bar: { status_value: say('waiting', {}, place.language), status_bg: bar.waiting },
      body: {
        title: cutCharacters(oneLine(card.title), limits.title),
        form: factsOf(card).map(({ label, value }) => ({
          key: say('fact', { label, value: '' }, place.language).trim(),
          value,
        })),
        ...(card.description ? { content: cutCharacters(card.description.trim(), limits.subject) } : {}),
        author: tail,
      },
    },
  };
}

function linkMessage(card: Card, place: DingPlace, tail: string, room: number) {
  const lines = factsOf(card).map(({ label, value }) => `**${plain(label)}** ${plain(value)}`);
  const parts = [card.description ? plain(card.description) : '', ...lines].filter((line) => line !== '');
  // An address cut in two would be no picture at all: it does not count as text.
  const picture = card.picture ? `![${plain(card.title)}](${card.picture.url})  \n\n` : '';
  const title = cutCharacters(oneLine(card.title), limits.title);
  const text = cutCharacters([`### ${plain(title)}`, ...parts].join('  \n'), room - tail.length - 8);
  return {
    msgtype: 'action_card',
    action_card: {
      title,
      markdown: `${picture}${text}  \n\n${tail}`,
      single_title: say('open', {}, place.language),
      single_url: place.mini?.notice ?? place.url,
    },
  };
}

/** The bytes that turn a notice's status bar into the outcome. */
export function barBody(agentId: string, taskId: number, outcome: string): string {
  return JSON.stringify({
    agent_id: Number(agentId),
    task_id: taskId,
    status_value: cutCharacters(oneLine(outcome), limits.button),
    status_bg: bar.done,
  });
}

/** The bytes of a to-do for one person; `sourceId` is the message's own id. */
export function todoBody(unionid: string, card: Card, place: DingPlace): string {
  const lines = factsOf(card).map((fact) => say('fact', fact, place.language));
  return JSON.stringify({
    sourceId: place.taskId,
    subject: cutCharacters(oneLine(card.title), limits.subject),
    creatorId: unionid,
    description: cutCharacters(
      [card.description?.trim() ?? '', ...lines].filter(Boolean).join('\n'),
      limits.description,
    ),
    executorIds: [unionid],
    detailUrl: { appUrl: place.mini?.scheme ?? place.url, pcUrl: place.url },
    isOnlyShowExecutor: true,
  });
}

function factsOf(card: Card): { label: string; value: string }[] {
  return card.facts
    .filter((fact) => fact.value !== '')
    .slice(0, maxFacts)
    .map((fact) => ({
      label: cutCharacters(oneLine(fact.label), limits.label),
      value: cutCharacters(oneLine(fact.value), limits.value),
    }));
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** Texts are people's own: what Markdown would read as its signs is written as itself. */
function plain(text: string): string {
  return oneLine(text).replace(/([\\`*_[\]<>#|!~])/g, '\\$1');
}

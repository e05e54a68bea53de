import { randomToken } from '../core/random.js';
import type { DingContext } from './context.js';
import { NewApiError } from './errors.js';
import { type Card, type DingApp, type DingCorp, memberByUnionId, robotCodeOf } from './world.js';

type Body = Record<string, unknown>;

const isObject = (value: unknown): value is Body =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const refused = (what: string, message: string): NewApiError => new NewApiError(400, `param.${what}`, message);

/** `cardParamMap` of card data: strings only, keys to 100 bytes, values to 1 KB, all of it to 100 KB. */
function paramMap(value: unknown, name: string): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  const map = isObject(value) ? value.cardParamMap : undefined;
  if (!isObject(map)) throw refused('cardParamMapInvalid', `${name}.cardParamMap 须是对象`);
  let size = 0;
  for (const [key, each] of Object.entries(map)) {
    if (typeof each !== 'string') throw refused('cardParamMapInvalid', `${name}.cardParamMap.${key} 须是字符串`);
    if (Buffer.byteLength(key) > 100 || Buffer.byteLength(each) > 1024)
      throw refused('cardParamMapInvalid', `${name}.cardParamMap.${key} 太长`);
    size += Buffer.byteLength(key) + Buffer.byteLength(each);
  }
  if (size > 100 * 1024) throw refused('cardParamMapInvalid', `${name} 超过 100 KB`);
  return map as Record<string, string>;
}

/** A person named in a card call, as `userIdType` says: 1 by userid, 2 by unionId. Answers the userid. */
function person(corp: DingCorp, app: DingApp, type: 1 | 2, id: string): string {
  const member = type === 2 ? memberByUnionId(corp, app, id) : corp.members.get(id);
  if (!member) throw refused('userIdNotExist', `用户 ${id} 不存在`);
  return member.userid;
}

function privateOf(corp: DingCorp, app: DingApp, type: 1 | 2, value: unknown): Map<string, Record<string, string>> {
  const found = new Map<string, Record<string, string>>();
  if (value === undefined || value === null) return found;
  if (!isObject(value)) throw refused('privateDataInvalid', 'privateData 须是对象');
  for (const [id, data] of Object.entries(value))
    found.set(person(corp, app, type, id), paramMap(data, `privateData.${id}`) ?? {});
  return found;
}

const typeOf = (body: Body): 1 | 2 => (body.userIdType === 2 ? 2 : 1);

function trackId(body: Body): string {
  if (typeof body.outTrackId !== 'string' || body.outTrackId === '')
    throw refused('outTrackIdEmpty', 'outTrackId 不能为空');
  if (body.outTrackId.length > 100) throw refused('outTrackIdInvalid', 'outTrackId 最多 100 个字符');
  return body.outTrackId;
}

const keyOf = (app: DingApp, outTrackId: string): string => `${app.appKey}/${outTrackId}`;

export function findCard(context: DingContext, app: DingApp, outTrackId: string): Card | undefined {
  return context.world.cards.get(keyOf(app, outTrackId));
}

function needCard(context: DingContext, app: DingApp, body: Body): Card {
  const card = findCard(context, app, trackId(body));
  if (!card) throw refused('cardNotExist', '卡片不存在');
  return card;
}

/** `POST /v1.0/card/instances`: an instance of a template, not yet seen by anybody. */
export function createCard(context: DingContext, corp: DingCorp, app: DingApp, body: Body): Body {
  const outTrackId = trackId(body);
  const old = findCard(context, app, outTrackId);
  if (old) {
    if (context.switches.usedOutTrackId === 'refused') throw refused('cardAlreadyExist', `${outTrackId} 已经用过`);
    return { success: true, result: outTrackId };
  }
  if (typeof body.cardTemplateId !== 'string' || !app.cardTemplates.has(body.cardTemplateId))
    throw refused('cardTemplateIdInvalid', '没有这个卡片模板，请先在卡片平台搭建并发布');
  const type = typeOf(body);
  const card: Card = {
    outTrackId,
    appKey: app.appKey,
    templateId: body.cardTemplateId,
    callbackType: body.callbackType === 'STREAM' ? 'STREAM' : body.callbackRouteKey ? 'HTTP' : null,
    routeKey: typeof body.callbackRouteKey === 'string' ? body.callbackRouteKey : null,
    userIdType: type,
    at: context.clock.now(),
    publicData: paramMap(body.cardData, 'cardData') ?? {},
    privateData: privateOf(corp, app, type, body.privateData),
    overlays: new Map(),
    spaces: [],
    presses: [],
  };
  context.world.cards.set(keyOf(app, outTrackId), card);
  return { success: true, result: outTrackId };
}

/** `POST /v1.0/card/instances/deliver`: into the spaces named by `openSpaceId`; each space succeeds or fails by itself. */
export function deliverCard(context: DingContext, corp: DingCorp, app: DingApp, body: Body, raw: string): Body {
  const card = needCard(context, app, body);
  const asked = typeof body.openSpaceId === 'string' ? body.openSpaceId : '';
  if (asked === '' || asked.length > 1000) throw refused('openSpaceIdInvalid', 'openSpaceId 须有 1 到 1000 个字符');
  const type = typeOf(body);
  const deliverResults = asked
    .replace(/^dtv1\.card\/\//, '')
    .split(';')
    .filter((each) => each !== '')
    .map((each) => {
      const [spaceType = '', ...rest] = each.replace(/^dtv1\.card\/\//, '').split('.');
      const spaceId = rest.join('.');
      const problem = spaceProblem(corp, app, body, type, spaceType, spaceId);
      if (problem === null)
        card.spaces.push({
          type: spaceType,
          id: spaceType === 'IM_ROBOT' ? person(corp, app, type, spaceId) : spaceId,
        });
      return {
        spaceType,
        spaceId,
        success: problem === null,
        carrierId: problem === null ? randomToken(context.random, 12) : '',
        errorMsg: problem ?? '',
      };
    });
  const delivered = card.spaces.filter((space) => space.type === 'IM_ROBOT').map((space) => space.id);
  context.recorder.add({
    at: context.clock.now(),
    kind: 'send',
    corpId: corp.corpId,
    agentId: app.agentId,
    headerKey: null,
    taskId: card.outTrackId,
    msgid: card.outTrackId,
    errcode: 0,
    delivered,
    suppressed: null,
    raw,
  });
  if (delivered.length > 0)
    context.journal.add({
      kind: 'message-sent',
      corpId: corp.corpId,
      userids: delivered,
      msgid: card.outTrackId,
      interactive: true,
    });
  context.hub.emit({ kind: 'message', corpId: corp.corpId, userids: delivered });
  return { success: true, result: { outTrackId: card.outTrackId, deliverResults } };
}

function spaceProblem(
  corp: DingCorp,
  app: DingApp,
  body: Body,
  type: 1 | 2,
  spaceType: string,
  spaceId: string,
): string | null {
  if (spaceType !== 'IM_ROBOT') return `沙箱只能投放到机器人单聊（IM_ROBOT），不能投放到 ${spaceType}`;
  const model = body.imRobotOpenDeliverModel;
  if (!isObject(model) || model.spaceType !== 'IM_ROBOT') return '缺少 imRobotOpenDeliverModel';
  if (model.robotCode !== undefined && model.robotCode !== robotCodeOf(app)) return 'robotCode 不是这个应用的机器人';
  const member = type === 2 ? memberByUnionId(corp, app, spaceId) : corp.members.get(spaceId);
  return member ? null : `用户 ${spaceId} 不存在`;
}

/** `POST /v1.0/card/instances/createAndDeliver`. */
export function createAndDeliver(context: DingContext, corp: DingCorp, app: DingApp, body: Body, raw: string): Body {
  const before = findCard(context, app, trackId(body));
  createCard(context, corp, app, body);
  if (before)
    return {
      success: true,
      result: {
        outTrackId: before.outTrackId,
        deliverResults: before.spaces.map((space) => ({
          spaceType: space.type,
          spaceId: space.id,
          success: true,
          carrierId: '',
          errorMsg: '',
        })),
      },
    };
  return deliverCard(context, corp, app, body, raw);
}

/** What one call changes of a card's data: everything, unless the options say key by key. */
function change(
  before: Record<string, string>,
  next: Record<string, string> | undefined,
  byKey: boolean,
): Record<string, string> {
  if (next === undefined) return before;
  return byKey ? { ...before, ...next } : next;
}

function options(body: Body): { publicByKey: boolean; privateByKey: boolean } {
  const given = isObject(body.cardUpdateOptions) ? body.cardUpdateOptions : {};
  return {
    publicByKey: given.updateCardDataByKey === true,
    privateByKey: given.updatePrivateDataByKey === true,
  };
}

/** `PUT /v1.0/card/instances`: what everybody sees. Without options all data is overwritten. */
export function updateCard(context: DingContext, corp: DingCorp, app: DingApp, body: Body, raw: string): Body {
  const card = needCard(context, app, body);
  const { cardLifeMs } = context.switches;
  if (cardLifeMs !== null && card.at + cardLifeMs < context.clock.now()) throw refused('cardNotExist', '卡片不存在');
  const data = paramMap(body.cardData, 'cardData');
  const own = privateOf(corp, app, typeOf(body), body.privateData);
  if (!data && own.size === 0) throw refused('cardDataAndPrivateDataBothEmpty', 'cardData 与 privateData 不能都为空');
  const { publicByKey, privateByKey } = options(body);
  card.publicData = change(card.publicData, data, publicByKey);
  for (const [userid, values] of own)
    card.privateData.set(userid, change(card.privateData.get(userid) ?? {}, values, privateByKey));
  if (data) card.overlays.clear();
  const seen = card.spaces.map((space) => space.id);
  context.recorder.add({
    at: context.clock.now(),
    kind: 'update',
    corpId: corp.corpId,
    agentId: app.agentId,
    headerKey: null,
    taskId: card.outTrackId,
    msgid: card.outTrackId,
    errcode: 0,
    delivered: seen,
    suppressed: null,
    raw,
  });
  context.journal.add({ kind: 'card-updated', corpId: corp.corpId, userids: seen, msgid: card.outTrackId });
  context.hub.emit({ kind: 'card', corpId: corp.corpId, userids: seen });
  return { success: true, result: true };
}

/** What an answer to a press changes: public data for the one who pressed only, private data for him as well. */
export function applyReply(context: DingContext, card: Card, userid: string, reply: Body): void {
  const { publicByKey, privateByKey } = options(reply);
  const shown = { ...card.publicData, ...card.overlays.get(userid) };
  const data = paramMap(reply.cardData, 'cardData');
  if (data) card.overlays.set(userid, change(shown, data, publicByKey));
  const own = paramMap(reply.userPrivateData, 'userPrivateData');
  if (own) card.privateData.set(userid, change(card.privateData.get(userid) ?? {}, own, privateByKey));
  context.hub.emit({ kind: 'card', corpId: '', userids: [userid] });
}

/** The values a card shows to one person. */
export function faceOf(card: Card, userid: string): Record<string, string> {
  return { ...card.publicData, ...card.overlays.get(userid), ...card.privateData.get(userid) };
}

/** `POST /v1.0/card/callbacks/register`: where presses go for a route key. */
export function registerCardRoute(context: DingContext, app: DingApp, body: Body): Body {
  const { callbackRouteKey: key, callbackUrl: url } = body;
  if (typeof url !== 'string' || !URL.canParse(url)) throw refused('callbackUrlEmpty', 'callbackUrl 不能为空');
  if (typeof key !== 'string' || key === '') throw refused('callbackRouteKeyEmpty', 'callbackRouteKey 不能为空');
  if (app.cardRoutes.has(key) && body.forceUpdate !== true)
    throw new NewApiError(500, 'param.callbackRouteKeyExist', `${key} 已经注册过`);
  const apiSecret =
    typeof body.apiSecret === 'string' && body.apiSecret !== '' ? body.apiSecret : randomToken(context.random, 18);
  app.cardRoutes.set(key, { url, apiSecret });
  return { success: true, result: { callbackUrl: url, apiSecret } };
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { WecomContext } from './context.js';
import { scriptValue } from './html.js';
import { memberAs } from './ids.js';
import { answerPage, corpBehind } from './js-sdk.js';
import { canSee } from './world.js';

/** Where the client or the browser's script asks what somebody is called. */
export const OPEN_NAMES_PATH = '/wwopen/open-data/names';
const SESSION_PATH = '/wwopen/open-data/session';

const asked = z.object({
  corpId: z.string(),
  agentId: z.string(),
  type: z.enum(['userName', 'departmentName']),
  id: z.string(),
});

/** What `ww-open-data` shows (WW/91958): the name of a member or department whom the app sees; null for all others. */
export function openName(context: WecomContext, body: string): { name: string | null } {
  const { corpId, agentId, type, id } = asked.parse(JSON.parse(body));
  const corp = corpBehind(context, corpId);
  const app = corp?.apps.get(Number(agentId));
  let name: string | null = null;
  if (corp && app && type === 'departmentName') name = corp.departments.get(Number(id))?.name ?? null;
  const member = corp && app && type === 'userName' ? memberAs(corp, app, id) : undefined;
  if (corp && app && member && canSee(corp, app, member)) name = member.name;
  context.log.add({
    platform: 'wecom',
    direction: 'in',
    method: 'JSAPI',
    path: `ww-open-data ${type}`,
    query: {},
    corpId: corp?.corpId ?? null,
    agentId: app?.agentId ?? null,
    request: { type, openid: id },
    status: 200,
    // The page that asked is never told: what is shown stands in the log of the platform only.
    response: { shown: name },
    errcode: 0,
    ms: 0,
    warnings: name === null ? ['没有这个 id，或不在应用的可见范围：组件留空'] : [],
  });
  return { name };
}

/**
 * `window.WWOpenData` once a page has proven itself: fills `ww-open-data` elements with names, which stand in a tree of their
 * own. Needs `own` ({corpid, agentid}) and `names` (where to ask) around it.
 */
export const OPEN_DATA = `(function(){
var hears={};
function tell(name,detail){(hears[name]||[]).forEach(function(hear){hear({detail:detail})})}
function bind(element){
  if(!element)return;
  var type=element.getAttribute('type'),id=element.getAttribute('openid');
  fetch(names,{method:'POST',headers:{'content-type':'text/plain'},body:JSON.stringify({
    corpId:String(own.corpid),agentId:String(own.agentid),type:type,id:id})})
  .then(function(answer){return answer.json()}).then(function(answer){
    if(element.getAttribute('openid')!==id)return;
    var root=element.shadowRoot||element.attachShadow({mode:'open'});
    root.textContent=answer.name||'';
    tell('update',{element:element,hasData:answer.name!==null});
  },function(error){tell('error',{element:element,error:error})});
}
return{bind:bind,bindAll:function(all){Array.prototype.forEach.call(all,bind)},
  on:function(name,hear){(hears[name]=hears[name]||[]).push(hear)},
  off:function(name,hear){hears[name]=(hears[name]||[]).filter(function(each){return each!==hear})},
  checkSession:function(options){if(options&&options.success)options.success()}};
})()`;

/** `jwxwork-1.0.0.js` as browsers outside of the client get it: nothing is shown before `agentConfig`. */
function browserScript(selfUrl: string): string {
  return `(function(){
var own={},names=${scriptValue(`${selfUrl}${OPEN_NAMES_PATH}`)};
window.WWOpenData={agentConfig:function(options){
  fetch(${scriptValue(`${selfUrl}${SESSION_PATH}`)},{method:'POST',headers:{'content-type':'text/plain'},body:JSON.stringify({
    kind:'agentConfig',corpId:options.corpid,agentId:String(options.agentid),url:location.href.split('#')[0],
    timestamp:String(options.timestamp),nonceStr:options.nonceStr,signature:options.signature})})
  .then(function(answer){return answer.json()}).then(function(answer){
    if(answer.errcode!==0)throw{errMsg:'agentConfig:fail, '+answer.errmsg,errCode:answer.errcode};
    own={corpid:options.corpid,agentid:options.agentid};
    Object.assign(window.WWOpenData,${OPEN_DATA});
    if(options.success)options.success({errMsg:'agentConfig:ok'});
  }).catch(function(error){if(options.fail)options.fail(error)});
}};
})();`;
}

/** The platform's script for browsers, and what it asks. The log-in that the real one wants in the browser is not played. */
export function registerOpenData(server: FastifyInstance, context: WecomContext): void {
  server.get('/wwopen/js/jwxwork-1.0.0.js', (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(browserScript(context.selfUrl)),
  );
  server.post(SESSION_PATH, (request, reply) =>
    reply.header('access-control-allow-origin', '*').send(answerPage(context, String(request.body))),
  );
  server.post(OPEN_NAMES_PATH, (request, reply) =>
    reply.header('access-control-allow-origin', '*').send(openName(context, String(request.body))),
  );
}

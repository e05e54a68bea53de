import { scriptValue } from '../wecom/html.js';
import { DING_VERIFY_PATH, DINGTALK_SDK } from './dingtalk-sdk.js';
import { OPEN_DATA_PATH, OPENED_PATH, VERIFY_PATH, WECOM_SDK } from './wecom-sdk.js';

/** Marks of the clients' webviews in the user agent (A5 of the protocol reference; DingTalk's as its own library reads it). */
export const WEBVIEW_AGENTS = {
  wecom: 'wxwork/4.1.36 MicroMessenger/7.0.1 Lianke-Sandbox',
  dingtalk: 'iPhone AliApp(DingTalk/7.6.0) Lianke-Sandbox',
} as const;

/** Where a page on a DingTalk phone asks its client for a log-in code; answered by the phone itself. */
export const CODE_PATH = '/__dingtalk/code';

/** Where the simulated phones stand: Lujiazui, Shanghai, as `navigator.geolocation` reports it (WGS 84). */
const PLACE = { latitude: 31.2355, longitude: 121.5003, accuracy: 20 };
/** The same place on Chinese maps, as clients answer it when asked for GCJ-02. */
const GCJ02 = { latitude: 31.23346, longitude: 121.50477 };

/**
 * What a chat client adds to its webview: the user agent, a position, the network state, and a line to the frame around
 * (title and whether there is a page to go back to).
 */
const SCRIPT = `(function(){
var online=phone.online,stack=[location.href];
function get(target,name,read){try{Object.defineProperty(target,name,{configurable:true,get:read})}catch(error){}}
var agent=navigator.userAgent+' '+phone.agent;
get(navigator,'userAgent',function(){return agent});
get(navigator,'onLine',function(){return online});
var place={getCurrentPosition:function(good,bad){setTimeout(function(){
  if(phone.locates)good({coords:Object.assign({altitude:null,altitudeAccuracy:null,heading:null,speed:null},phone.place),timestamp:Date.now()});
  else if(bad)bad({code:1,message:'denied',PERMISSION_DENIED:1,POSITION_UNAVAILABLE:2,TIMEOUT:3})},50)},
  watchPosition:function(good,bad){this.getCurrentPosition(good,bad);return 1},clearWatch:function(){}};
get(navigator,'geolocation',function(){return place});
function tell(){parent.postMessage({type:'lianke-phone:page',title:document.title,canGoBack:stack.length>1},phone.home)}
function moved(replaced){
  var here=location.href,last=stack.length-1;
  if(here===stack[last]){tell();return}
  if(replaced)stack[last]=here;
  else if(stack[last-1]===here)stack.pop();
  else stack.push(here);
  tell();
}
['pushState','replaceState'].forEach(function(name){var own=history[name];history[name]=function(){var result=own.apply(history,arguments);moved(name==='replaceState');return result}});
addEventListener('popstate',function(){moved(false)});
addEventListener('hashchange',function(){moved(false)});
addEventListener('DOMContentLoaded',function(){
  var title=document.querySelector('title');
  if(title)new MutationObserver(tell).observe(title,{childList:true,characterData:true,subtree:true});
  tell();
});
addEventListener('message',function(event){
  if(event.origin!==phone.home||event.source!==parent||!event.data)return;
  if(event.data.type==='lianke-phone:back'&&stack.length>1)history.back();
  if(event.data.type==='lianke-phone:locates')phone.locates=event.data.locates===true;
  if(event.data.type==='lianke-phone:network'){online=event.data.online===true;dispatchEvent(new Event(online?'online':'offline'))}
});
})();`;

/** The script element to put first into a page shown on a phone. `home` is the origin of the page that draws the phone. */
export function bridgeScript(phone: {
  home: string;
  platform: 'wecom' | 'dingtalk';
  online: boolean;
  locates: boolean;
  fakesPlace: boolean;
}): string {
  const own = {
    ...phone,
    agent: WEBVIEW_AGENTS[phone.platform],
    place: PLACE,
    gcj02: GCJ02,
    openedPath: OPENED_PATH,
    openDataPath: OPEN_DATA_PATH,
    verifyPath: phone.platform === 'wecom' ? VERIFY_PATH : DING_VERIFY_PATH,
    codePath: phone.platform === 'dingtalk' ? CODE_PATH : null,
  };
  const sdk = phone.platform === 'wecom' ? WECOM_SDK : DINGTALK_SDK;
  return `<script>(function(){var phone=${scriptValue(own)};${SCRIPT}${sdk}})();</script>`;
}

/** Puts the bridge before everything else of the page. */
export function withBridge(html: string, script: string): string {
  const head = /<head(\s[^>]*)?>/i.exec(html);
  if (!head) return script + html;
  const at = head.index + head[0].length;
  return html.slice(0, at) + script + html.slice(at);
}

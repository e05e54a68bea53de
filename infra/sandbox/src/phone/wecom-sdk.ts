import { OPEN_DATA } from '../wecom/open-data.js';

/** Where a page on a WeCom phone has its signature checked; answered by the phone itself. */
export const VERIFY_PATH = '/__wecom/verify';
/** Where the client asks what somebody is called; answered by the phone itself. */
export const OPEN_DATA_PATH = '/__wecom/open-data';
/** Where a client of either platform says which chat a page asked it to open; answered by the phone itself. */
export const OPENED_PATH = '/__phone/opened-chat';

/**
 * `window.ww` as `@wecom/jssdk` gives it to pages inside the client: nothing works before `register`, each call needs its
 * kind of signature, and the surroundings (which chat, what was scanned) are asked of the frame around.
 */
export const WECOM_SDK = `(function(){
var own=null,checked={},asked={},last=0;
function failure(name,reason,code){return{errMsg:name+':fail, '+reason,err_msg:name+':fail, '+reason,errCode:code||-1}}
function signed(kind,name){
  if(!own)return Promise.reject(failure(name,'the page is not registered'));
  if(checked[kind])return checked[kind];
  var sign=kind==='agentConfig'?own.getAgentConfigSignature:own.getConfigSignature;
  if(!sign)return Promise.reject(failure(name,'no permission'));
  var url=location.href.split('#')[0];
  checked[kind]=Promise.resolve(sign(url)).then(function(answer){
    return fetch(phone.verifyPath,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify({
      kind:kind,corpId:own.corpId,agentId:kind==='agentConfig'?String(own.agentId):null,url:url,
      timestamp:String(answer.timestamp),nonceStr:answer.nonceStr,signature:answer.signature})})
  }).then(function(answer){return answer.json()}).then(function(answer){
    if(answer.errcode!==0)throw failure(kind,answer.errmsg,answer.errcode)
  });
  checked[kind].then(function(){var done=kind==='agentConfig'?own.onAgentConfigSuccess:own.onConfigSuccess;if(done)done()},
    function(error){delete checked[kind];var bad=kind==='agentConfig'?own.onAgentConfigFail:own.onConfigFail;if(bad)bad(error)});
  return checked[kind];
}
function ask(what,params){return new Promise(function(good,bad){var id=++last;asked[id]=[good,bad];
  parent.postMessage({type:'lianke-phone:ask',id:id,what:what,params:params||null},phone.home)})}
addEventListener('message',function(event){
  if(event.origin!==phone.home||event.source!==parent||!event.data||event.data.type!=='lianke-phone:answer')return;
  var wait=asked[event.data.id];if(!wait)return;delete asked[event.data.id];
  event.data.problem?wait[1](event.data.problem):wait[0](event.data.result);
});
function offer(name,kind,run){return function(params){
  params=params||{};
  return signed(kind,name).then(function(){
    if((own.jsApiList||[]).indexOf(name)<0)throw failure(name,'no permission');
    return run(params)
  }).then(function(result){
    var good=Object.assign({errMsg:name+':ok',err_msg:name+':ok'},result);
    if(params.success)params.success(good);if(params.complete)params.complete(good);return good
  },function(error){
    var bad=typeof error==='string'?failure(name,error):error;
    if(params.fail)params.fail(bad);if(params.complete)params.complete(bad);throw bad
  })
}}
window.ww={
  register:function(options){own=options;checked={}},
  getContext:offer('getContext','agentConfig',function(){return ask('context').then(function(found){return{entry:found.entry}})}),
  getCurExternalContact:offer('getCurExternalContact','agentConfig',function(){return ask('context').then(function(found){
    if(!found.externalUserid)throw 'not in a chat with an external contact';return{userId:found.externalUserid}})}),
  openEnterpriseChat:offer('openEnterpriseChat','agentConfig',function(params){
    var who={userIds:params.userIds,externalUserIds:params.externalUserIds};
    return fetch(phone.openedPath,{method:'POST',body:JSON.stringify(Object.assign({api:'openEnterpriseChat'},who))})
      .then(function(){return ask('openChat',who)})}),
  initOpenData:function(params){
    params=params||{};
    return signed('agentConfig','initOpenData').then(function(){
      var names=phone.openDataPath,ids={corpid:own.corpId,agentid:own.agentId};
      window.WWOpenData=(function(own){return ${OPEN_DATA}})(ids);
      var good={errMsg:'initOpenData:ok',errCode:0};if(params.success)params.success(good);return good
    },function(error){if(params.fail)params.fail(error);throw error})},
  scanQRCode:offer('scanQRCode','config',function(){return ask('scan').then(function(text){return{resultStr:text}})}),
  getLocation:offer('getLocation','config',function(params){
    if(!phone.locates)throw 'auth deny';
    var place=params.type==='gcj02'?phone.gcj02:phone.place;
    return{latitude:place.latitude,longitude:place.longitude,accuracy:phone.place.accuracy,speed:0}})
};
})();`;

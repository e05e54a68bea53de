/** Where a page on a DingTalk phone has its signature checked; answered by the phone itself. */
export const DING_VERIFY_PATH = '/__dingtalk/verify';

/**
 * The bridge that `dingtalk-jsapi` finds inside the client on iOS: a log-in code without asking; scanning and locating only
 * once the page has shown its signature (`dd.config` calls `runtime.permission.requestJsApis`).
 */
export const DINGTALK_SDK = `(function(){
var allowed=[],asked={},last=0;
function ask(what,params){return new Promise(function(good,bad){var id=++last;asked[id]=[good,bad];
  parent.postMessage({type:'lianke-phone:ask',id:id,what:what,params:params||null},phone.home)})}
addEventListener('message',function(event){
  if(event.origin!==phone.home||event.source!==parent||!event.data||event.data.type!=='lianke-phone:answer')return;
  var wait=asked[event.data.id];if(!wait)return;delete asked[event.data.id];
  event.data.problem?wait[1](event.data.problem):wait[0](event.data.result);
});
function post(path,body){return fetch(path,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify(body)})
  .then(function(answer){return answer.json()})}
var offers={
  'runtime.permission.requestAuthCode':function(){return fetch(phone.codePath).then(function(answer){return answer.json()})
    .then(function(answer){if(!answer.code)throw{errorCode:'-2',errorMessage:'no code'};return{code:answer.code}})},
  'runtime.permission.requestJsApis':function(params){
    return post(phone.verifyPath,{corpId:String(params.corpId),agentId:String(params.agentId),timestamp:String(params.timeStamp),
      nonceStr:params.nonceStr,signature:params.signature,url:location.href.split('#')[0]}).then(function(answer){
      if(answer.errcode!==0)throw{errorCode:String(answer.errcode),errorMessage:answer.errmsg};
      allowed=params.jsApiList||[];return{}})},
  'biz.util.scan':function(){return ask('scan').then(function(text){return{text:text}},function(){throw{errorCode:'-1',errorMessage:'cancel'}})},
  'biz.chat.openSingleChat':function(params){
    return post(phone.openedPath,{api:'biz.chat.openSingleChat',corpId:params.corpId,userIds:[params.userId]}).then(function(){
      return ask('openChat',{userIds:[params.userId]})}).then(function(){return{}},function(){throw{errorCode:'-2',errorMessage:'no such chat'}})},
  'device.geolocation.get':function(params){
    if(!phone.locates)return Promise.reject({errorCode:'3',errorMessage:'location refused'});
    var place=params.coordinate===1?phone.gcj02:phone.place;
    return Promise.resolve({latitude:place.latitude,longitude:place.longitude,accuracy:phone.place.accuracy,isFromMock:phone.fakesPlace})}
};
var free=['runtime.permission.requestAuthCode','runtime.permission.requestJsApis'];
window.WebViewJavascriptBridge={init:function(){},registerHandler:function(){},
  callHandler:function(name,params,done){
    var run=offers[name];
    if(!run)return done({errorCode:'3',errorMessage:name+' is not simulated'});
    if(free.indexOf(name)<0&&allowed.indexOf(name)<0)return done({errorCode:'7',errorMessage:'no permission'});
    run(params||{}).then(function(result){done({errorCode:'0',result:result})},
      function(error){done(error&&error.errorCode?error:{errorCode:'-2',errorMessage:String(error)})})
  }};
})();`;

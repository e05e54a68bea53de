import QRCode from 'qrcode';
import { escapeHtml, page, scriptValue } from './html.js';
import type { App, Corp, Member, PendingLogin } from './world.js';

const brand =
  '<div class="brand"><svg viewBox="0 0 24 24" fill="#2b7de9" aria-hidden="true"><path d="M12 3C6.5 3 2 6.8 2 11.5c0 2.6 1.4 4.9 3.6 6.5L5 21l3.6-1.9c1.1.3 2.2.4 3.4.4 5.5 0 10-3.6 10-8.1S17.5 3 12 3z"/></svg><span>企业微信</span></div>';

const WORDS = {
  zh: {
    title: (name: string) => `登录「${name}」`,
    hint: '请使用企业微信扫描二维码登录',
    scanned: '扫描成功',
    confirm: '请在手机上确认登录',
    confirmed: '登录成功，正在返回',
    cancelled: '已取消登录',
    expired: '二维码已过期',
    refresh: '刷新',
    failed: '登录页打不开',
  },
  en: {
    title: (name: string) => `Log in to ${name}`,
    hint: 'Scan the QR code with WeCom to log in',
    scanned: 'Scanned',
    confirm: 'Confirm on your phone',
    confirmed: 'Logged in, returning',
    cancelled: 'Log-in cancelled',
    expired: 'The QR code has expired',
    refresh: 'Refresh',
    failed: 'The log-in page cannot open',
  },
} as const;

/**
 * The page asks for its state every 600 ms and goes on when the phone has confirmed. Inside a frame it speaks as the real
 * page does to `@wecom/jssdk`'s panel (`ww-iframe-handle:call`, `onLoginSuccess`), or sends the whole window on.
 */
const LOGIN_SCRIPT = `
(function(){
var cover=document.getElementById('cover'),text=document.getElementById('text'),mark=document.getElementById('mark'),again=document.getElementById('again');
var done=false;
function show(words,tick,retry){cover.className='cover on';text.textContent=words;mark.style.display=tick?'block':'none';again.style.display=retry?'inline-block':'none'}
again.addEventListener('click',function(){location.reload()});
function tell(name,payload){if(parent!==window)parent.postMessage(JSON.stringify({type:'ww-iframe-handle:call',args:{type:'call',name:name,payload:payload}}),'*')}
function go(answer){
  if(page.redirectType==='callback'&&parent!==window){tell('onLoginSuccess',{code:answer.code});return}
  if(page.redirectType==='self'||top===window){location.replace(answer.redirect);return}
  try{top.location.href=answer.redirect}catch(error){location.replace(answer.redirect)}
}
function ask(){
  if(done)return;
  fetch('/wwlogin/sso/status?id='+encodeURIComponent(page.id)).then(function(r){return r.json()}).then(function(answer){
    if(answer.status==='scanned')show(page.words.scanned+' · '+page.words.confirm,true,false);
    else if(answer.status==='confirmed'){done=true;show(page.words.confirmed,true,false);go(answer)}
    else if(answer.status==='cancelled'){done=true;show(page.words.cancelled,false,true)}
    else if(answer.status==='expired'||answer.status==='unknown'){done=true;show(page.words.expired,false,true);tell('onLoginFail',{errCode:-31020,errMsg:'qr expired'})}
    else cover.className='cover';
  }).catch(function(){}).then(function(){if(!done)setTimeout(ask,600)});
}
addEventListener('pagehide',function(){if(!done)navigator.sendBeacon('/wwlogin/sso/close?id='+encodeURIComponent(page.id))});
if(parent!==window)parent.postMessage(JSON.stringify({type:'ww-iframe-handle:ready'}),'*');
ask();
})();`;

/** The web log-in page with its QR. */
export async function loginPage(login: PendingLogin, corp: Corp, app: App, selfUrl: string): Promise<string> {
  const words = WORDS[login.lang];
  const svg = await QRCode.toString(`${selfUrl}/wwlogin/sso/qr/${login.id}`, {
    type: 'svg',
    margin: 0,
    errorCorrectionLevel: 'M',
  });
  const body = `${brand}<h1>${escapeHtml(words.title(app.name))}</h1><p>${escapeHtml(corp.name)}</p>
<div class="qr" data-qr="${escapeHtml(login.id)}">${svg}<div id="cover" class="cover"><div id="mark" class="tick">✓</div><div id="text"></div><button id="again" type="button">${words.refresh}</button></div></div>
<p>${escapeHtml(words.hint)}</p>`;
  const data = { id: login.id, redirectType: login.redirectType, words: { ...words, title: undefined } };
  return page({
    lang: login.lang,
    title: words.title(app.name),
    body,
    script: `var page=${scriptValue(data)};${LOGIN_SCRIPT}`,
  });
}

/** A page that refuses, with the platform's number and what to mend. */
export function problemPage(lang: 'zh' | 'en', code: number, message: string): string {
  const words = WORDS[lang];
  const script = `if(parent!==window)parent.postMessage(JSON.stringify({type:'ww-iframe-handle:call',args:{type:'call',name:'onLoginFail',payload:{errCode:${code},errMsg:${scriptValue(message)}}}}),'*');`;
  return page({
    lang,
    title: words.failed,
    body: `${brand}<h1>${words.failed}</h1><div class="problem"><b>${code}</b>　${escapeHtml(message)}</div>`,
    script,
  });
}

/**
 * Nobody is known: in a phone's frame the frame's name tells who; anywhere else a person is chosen. `cookieUser` is used in
 * a frame without a telling name.
 */
export function whoPage(corp: Corp, app: App, members: Member[], cookieUser: string | null): string {
  const items = members
    .map(
      (member) =>
        `<li><a class="button" href="#" data-user="${escapeHtml(member.userid)}">${escapeHtml(member.name)}<small>${escapeHtml(member.position)}</small></a></li>`,
    )
    .join('');
  const script = `
(function(){
function as(user){var url=new URL(location.href);url.searchParams.set('sandbox_user',user);location.replace(url.href)}
var prefix='lianke-phone:'+${scriptValue(corp.corpId)}+':';
if(window.name.indexOf(prefix)===0){as(window.name.slice(prefix.length));return}
var cookie=${scriptValue(cookieUser)};
if(cookie){as(cookie);return}
document.body.style.visibility='visible';
document.querySelectorAll('[data-user]').forEach(function(link){link.addEventListener('click',function(event){event.preventDefault();as(link.getAttribute('data-user'))})});
})();`;
  const body = `${brand}<h1>谁打开了「${escapeHtml(app.name)}」</h1><p>这个页面平时在企业微信里打开，由手机说明是谁。这里没有手机，请选一位${escapeHtml(corp.name)}的成员。</p><ul>${items}</ul>`;
  return page({ lang: 'zh', title: '企业微信授权', body: `<style>body{visibility:hidden}</style>${body}`, script });
}

/** Log-in to an app of the directory by somebody who is in several companies that have it. */
export function companyPage(companies: readonly Corp[], query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const items = companies.map((corp) => {
    const search = new URLSearchParams([...given, ['sandbox_corp', corp.corpId]]);
    return `<li><a class="button" href="?${escapeHtml(search.toString())}">${escapeHtml(corp.name)}</a></li>`;
  });
  const body = `${brand}<h1>以哪家企业的身份登录</h1><p>这个应用来自应用目录，登录地址里没有企业。</p><ul>${items.join('')}</ul>`;
  return page({ lang: 'zh', title: '企业微信登录', body });
}

/** `snsapi_privateinfo`: the person agrees or not. */
export function consentPage(app: App, member: Member): string {
  const script = `document.getElementById('agree').addEventListener('click',function(){var url=new URL(location.href);url.searchParams.set('sandbox_user',${scriptValue(member.userid)});url.searchParams.set('sandbox_agree','1');location.replace(url.href)});document.getElementById('refuse').addEventListener('click',function(){history.back()});`;
  const body = `${brand}<h1>「${escapeHtml(app.name)}」申请获取</h1><p>${escapeHtml(member.name)}的手机、邮箱、性别</p><p style="margin-top:20px"><button id="refuse" type="button">拒绝</button>　<button id="agree" class="primary" type="button">同意</button></p>`;
  return page({ lang: 'zh', title: '企业微信授权', body, script });
}

import type { WecomContext } from './context.js';
import type { App } from './world.js';

/** Host and port a log-in may return to: the configured 授权回调域, or that of the application's public address. */
export function redirectDomain(context: WecomContext, app: App): string {
  if (app.redirectDomain === null && mustSetUp(context, app)) return '';
  return app.redirectDomain ?? new URL(context.publicUrl).host;
}

/** Host and port of the app's own pages inside the client (可信域名); as lenient as the log-in unless the order is kept. */
export function trustedDomain(context: WecomContext, app: App): string {
  return mustSetUp(context, app) ? (app.trustedDomain ?? '') : redirectDomain(context, app);
}

const mustSetUp = (context: WecomContext, app: App): boolean => context.switches.strictSetup && app.suite === null;

/** Why `redirect_uri` is refused, or null. Host and port must equal the configured domain exactly (WW/98152). */
export function redirectProblem(
  context: WecomContext,
  app: App,
  redirectUri: string | undefined,
  by: 'login' | 'page',
): string | null {
  if (!redirectUri) return '缺少 redirect_uri';
  if (!URL.canParse(redirectUri)) return `redirect_uri「${redirectUri}」不是完整的网址，须带 http:// 或 https://`;
  const { host, protocol } = new URL(redirectUri);
  if (protocol !== 'http:' && protocol !== 'https:') return `redirect_uri 的协议须是 http 或 https，现为 ${protocol}`;
  const domain = by === 'login' ? redirectDomain(context, app) : trustedDomain(context, app);
  const name = by === 'page' && mustSetUp(context, app) ? '可信域名' : '授权回调域';
  if (domain === '') return `应用还没有配置${name}`;
  if (host === domain) return null;
  // The sentence of WeCom's own page for browsers.
  if (by === 'login')
    return `redirect_uri 与配置的授权完成回调域名不一致（redirect_uri 的域名是 ${host}，应用配置的授权回调域是 ${domain}）`;
  return `redirect_uri 的域名 ${host} 与应用配置的${name} ${domain} 不一致`;
}

/** `redirect_uri` with `code` and `state` added to whatever query it has. */
export function withCode(redirectUri: string, code: string, state: string): string {
  const url = new URL(redirectUri);
  url.searchParams.set('code', code);
  url.searchParams.set('state', state);
  // Without a fragment of its own the browser would carry `#wechat_redirect` over into the application's router.
  return url.hash === '' ? `${url.toString()}#` : url.toString();
}

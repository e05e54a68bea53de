import type { Words } from '@lianke/shared/errors/issue-text';

/** Small pages that a browser sees between our log-in and the platform's; they work without scripts. */

const words = {
  zh: {
    confirmTitle: '在另一台设备上登录联客？',
    confirmHint: '只有这台设备是你自己刚刚打开的登录页，才可以确认。如果二维码是别人发给你的，请选择“不是我”。',
    who: '你的身份',
    tenant: '企业',
    device: '正在登录的设备',
    address: '网络地址',
    at: '发起时间',
    confirm: '确认登录',
    refuse: '不是我',
    confirmed: '已确认登录',
    confirmedHint: '请回到电脑上继续。',
    tried: '登录回来了',
    triedHint: '授权回调域设对了。可以关掉这个窗口，回到连接页面。你的登录没有变。',
    trialFailed: '这次试登录没有成功',
    trialAgain: '再试一次',
    trialBack: '回到连接页面',
    refused: '已拒绝',
    refusedHint: '那台设备没有登录成功。',
    failed: '没有登录成功',
    again: '重新登录',
    installFailed: '没有安装成功',
    installAgain: '重新安装',
  },
  en: {
    confirmTitle: 'Log in to Lianke on another device?',
    confirmHint:
      'Confirm only if that is the log-in page you opened yourself just now. If somebody sent you the code, choose "Not me".',
    who: 'You',
    tenant: 'Company',
    device: 'Device logging in',
    address: 'Network address',
    at: 'Started at',
    confirm: 'Log in there',
    refuse: 'Not me',
    confirmed: 'Confirmed',
    confirmedHint: 'Go on at your computer.',
    tried: 'The log-in came back',
    triedHint:
      'The callback domain is right. Close this window and go back to the connection. You stay logged in as you were.',
    trialFailed: 'The trial did not work',
    trialAgain: 'Try again',
    trialBack: 'Back to the connection',
    refused: 'Refused',
    refusedHint: 'That device has not been logged in.',
    failed: 'The log-in did not work',
    again: 'Log in again',
    installFailed: 'The installation did not work',
    installAgain: 'Install again',
  },
} as const;

type Language = keyof typeof words;

export const pageHeaders = (framed: boolean): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors ${framed ? "'self'" : "'none'"}`,
});

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function page(language: Language, title: string, body: string): string {
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>
:root{color-scheme:light dark;--fg:#1f2329;--dim:#646a73;--bg:#f5f6f8;--card:#fff;--line:#e5e6eb;--primary:#1668dc}
@media(prefers-color-scheme:dark){:root{--fg:#e8e8e8;--dim:#a0a0a0;--bg:#141414;--card:#1f1f1f;--line:#333;--primary:#3c89e8}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--fg);font:16px/24px "PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
main{box-sizing:border-box;width:min(100%,400px);padding:32px 24px;background:var(--card);border-radius:8px}
h1{margin:0 0 12px;font-size:20px;line-height:28px}p{margin:0 0 16px;color:var(--dim)}
dl{margin:0 0 24px;display:grid;grid-template-columns:max-content 1fr;gap:8px 16px}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
form,nav{display:grid;gap:12px}button,a.button{display:block;box-sizing:border-box;width:100%;min-height:44px;padding:10px;border:1px solid var(--line);border-radius:6px;background:none;color:inherit;font:inherit;text-align:center;text-decoration:none;cursor:pointer}
a.button.plain{border-color:var(--line);background:none;color:inherit}button.primary,a.button:not(.plain){border-color:var(--primary);background:var(--primary);color:#fff}
</style></head><body><main>${body}</main></body></html>`;
}

/**
 * Comes back once from our own page: a frame that another site has sent here is not given our cookies (SameSite=Lax looks at
 * who began the navigation), the next step that we begin ourselves is.
 */
export function bouncePage(address: string): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${escaped(address)}"><title>…</title></head><body></body></html>`;
}

export interface ConfirmFacts {
  member: string;
  tenant: string;
  device: string;
  address: string;
  at: string;
  /** Where the form goes. */
  action: string;
}

/** Asks the person on the phone before another browser is logged in, and says which one that is. */
export function confirmPage(language: Language, facts: ConfirmFacts): string {
  const say = words[language];
  const rows = [
    [say.who, facts.member],
    [say.tenant, facts.tenant],
    [say.device, facts.device],
    [say.address, facts.address],
    [say.at, facts.at],
  ].map(([label = '', value = '']) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`);
  return page(
    language,
    say.confirmTitle,
    `<h1>${say.confirmTitle}</h1><dl>${rows.join('')}</dl><p>${say.confirmHint}</p>
<form method="post" action="${escaped(facts.action)}"><button class="primary" name="answer" value="yes">${say.confirm}</button><button name="answer" value="no">${say.refuse}</button></form>`,
  );
}

export function finishedPage(language: Language, how: 'confirmed' | 'refused' | 'tried'): string {
  const say = words[language];
  return page(language, say[how], `<h1>${say[how]}</h1><p>${say[`${how}Hint`]}</p>`);
}

/** Why a log-in, or an installation from the directory, did not work, and the way to begin anew. */
export function failedPage(
  language: Language,
  reason: string,
  again: string,
  what: 'login' | 'install' = 'login',
): string {
  const say = words[language];
  const title = what === 'login' ? say.failed : say.installFailed;
  const button = what === 'login' ? say.again : say.installAgain;
  return page(
    language,
    title,
    `<h1>${title}</h1><p>${escaped(reason)}</p><a class="button" href="${escaped(again)}">${button}</a>`,
  );
}

/** Why a trial of the log-in failed, where it is mended, and the way to begin anew. */
export function trialFailedPage(
  language: Language,
  { reason, mend }: { reason: Words; mend: Words | null },
  { again, back }: { again: string; back: string },
): string {
  const say = words[language];
  const told = [reason, ...(mend ? [mend] : [])].map((part) => `<p>${escaped(part[language])}</p>`).join('');
  const link = (to: string, name: string, look: string) => `<a class="${look}" href="${escaped(to)}">${name}</a>`;
  return page(
    language,
    say.trialFailed,
    `<h1>${say.trialFailed}</h1>${told}<nav>${link(again, say.trialAgain, 'button')}${link(back, say.trialBack, 'button plain')}</nav>`,
  );
}

/** A browser (or the chat client it is part of) and system in a few words, from a User-Agent; the text itself when it is none we know. */
export function deviceOf(userAgent: string, chatClient: string | null): string {
  const browser = chatClient
    ? chatClient
    : /Edg\//.test(userAgent)
      ? 'Edge'
      : /Firefox\//.test(userAgent)
        ? 'Firefox'
        : /Chrome\//.test(userAgent)
          ? 'Chrome'
          : /Safari\//.test(userAgent)
            ? 'Safari'
            : '';
  const system = /Windows/.test(userAgent)
    ? 'Windows'
    : /iPhone|iPad/.test(userAgent)
      ? 'iOS'
      : /Mac OS X/.test(userAgent)
        ? 'macOS'
        : /Android/.test(userAgent)
          ? 'Android'
          : /Linux/.test(userAgent)
            ? 'Linux'
            : '';
  return [browser, system].filter(Boolean).join(' · ') || userAgent.slice(0, 60) || '—';
}

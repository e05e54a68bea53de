/** Where to go after log-in: only a path of this console, never another site. */
export function safeReturnTo(raw: string | null): string {
  if (!raw?.startsWith('/') || raw.startsWith('//') || raw.startsWith('/\\')) return '/';
  return raw.startsWith('/login') ? '/' : raw;
}

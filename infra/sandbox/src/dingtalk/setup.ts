import type { DingContext } from './context.js';
import type { DingApp } from './world.js';

/** Whether only administrators have the app, because no version of it is published. */
export function unpublished({ switches }: DingContext, app: DingApp): boolean {
  return switches.strictSetup && app.suite === null && app.publishedAt === null;
}

/** Whether a company's own app may call from this address. */
export function fromServerIp({ switches }: DingContext, app: DingApp, ip: string): boolean {
  return !switches.strictSetup || app.suite !== null || app.serverIps.includes(ip);
}

import { ApiError } from '@lianke/shared/api/client';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import Taro from '@tarojs/taro';
import { api, whenLoggedOut } from '../api/client.js';
import { resetResources } from '../data/resource.js';
import { startWorkbench } from '../data/start.js';
import type { Language } from '../i18n/index.js';
import { isH5 } from '../platform/host.js';
import { dropStored, dropStoredUnder, readStored, writeStored } from '../platform/storage.js';
import { tokenKey } from '../platform/transport.js';
import { createStore, useStore } from '../store/store.js';
import { type ChatLogin, followsCompany, logInThroughChat, redirectWorked } from './chat-login.js';
import { chooseLanguage, followLanguage } from './own-language.js';

export type Me = AnswerOf<'me.get'>;

interface Session {
  state: 'unknown' | 'in' | 'out';
  me: Me | null;
  /** Why the log-in inside the chat did not work, shown on the log-in page. */
  problem: unknown;
}

export const session = createStore<Session>({ state: 'unknown', me: null, problem: null });
export const loginPage = '/pages/login/index';

let pending: Promise<void> | null = null;

function enter(me: Me): void {
  know(me);
  redirectWorked();
  void followLanguage(me).then(stillThere);
}

function know(me: Me): void {
  writeStored('me', me);
  session.set({ state: 'in', me, problem: null });
}

/** The same person with his language known; nothing for whoever has gone meanwhile. */
function stillThere(me: Me): void {
  const { state, me: now } = session.get();
  if (state === 'in' && now?.member.id === me.member.id && now.member.language !== me.member.language) know(me);
}

/** The language of this phone and of what is sent to whoever is logged in. */
export async function switchLanguage(language: Language): Promise<void> {
  const me = await chooseLanguage(language, session.get().me);
  if (me) stillThere(me);
}

/**
 * Finds out who is there: the running session, else a log-in through the chat around us, else the log-in page. While no
 * server says who it is, the person known last stays in, so that stored data can be read and visits logged.
 */
export function ensureSession(): Promise<void> {
  if (session.get().state === 'in') return Promise.resolve();
  pending ??= find().finally(() => {
    pending = null;
  });
  return pending;
}

async function find(): Promise<void> {
  try {
    const me = await whoIsThere();
    if (await followsCompany(me.tenant.key, me.tenants.length)) return new Promise(() => undefined);
    enter(me);
  } catch (error) {
    const status = error instanceof ApiError ? error.status : undefined;
    const known = readStored<Me>('me');
    const unanswered = status === 0 || status === 429 || (status !== undefined && status >= 500);
    if (unanswered && known) return enter(known);
    if (status !== 401) return leave(error);
    dropStored(tokenKey);
    let outcome: ChatLogin;
    try {
      outcome = await logInThroughChat();
    } catch (problem) {
      return leave(problem);
    }
    if (outcome.kind === 'token') return logIn(outcome.token);
    // The browser is about to leave this page: nobody is to ask again until it has.
    if (outcome.kind === 'leaving') return new Promise(() => undefined);
    leave(null);
  }
}

/** Before the workbench with everything it shows, in one answer. */
function whoIsThere(): Promise<Me> {
  const here = Taro.getCurrentInstance().router?.path ?? '';
  return here.includes('pages/workbench/') ? startWorkbench() : api('me.get', {});
}

function leave(problem: unknown): void {
  session.set({ state: 'out', me: null, problem });
  const here = Taro.getCurrentInstance().router?.path ?? '';
  if (!here.includes('pages/login/')) Taro.reLaunch({ url: loginPage });
}

/** Keeps the token of a successful log-in and reads who it is. */
export async function logIn(token: string): Promise<void> {
  if (!isH5) writeStored(tokenKey, token);
  resetResources();
  enter(await api('me.get', {}));
}

/** Signs out on this phone even when the server cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await api('auth.signOut', {});
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  goOut();
}

/** Signs out on every phone and computer; on none when the server cannot be told. */
export async function signOutEverywhere(): Promise<void> {
  await api('auth.signOutAll', {});
  goOut();
}

function goOut(): void {
  writeStored('signedOut', true);
  dropStored(tokenKey);
  forget();
  leave(null);
}

function forget(): void {
  dropStored('me');
  dropStoredUnder('cache.');
  resetResources();
}

/** Goes over to another company of the same person. */
export async function switchTenant(tenantId: string): Promise<void> {
  const { token } = await api('auth.switch', { body: { tenantId } });
  forget();
  await logIn(token);
}

whenLoggedOut(() => {
  if (session.get().state !== 'in') return;
  session.set({ state: 'unknown', me: null });
  resetResources();
  void ensureSession();
});

/** The departments of whoever is logged in, the main one first; none on a phone that last heard of him before they were told. */
export function myDepartments(): Me['member']['departments'] {
  return session.get().me?.member.departments ?? [];
}

export function useSession(): Session {
  return useStore(session);
}

/** The tenant's time zone; 今天 and 3 天后 are meant in it. */
export function zone(): string {
  return session.get().me?.tenant.timeZone ?? 'Asia/Shanghai';
}

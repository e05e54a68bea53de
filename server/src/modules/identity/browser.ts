import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../kernel/config/config.js';
import { sessionCookie } from '../../kernel/http/session-guard.js';
import { CONFIG } from '../../kernel/tokens.js';
import { readCookie, setCookie } from './cookies.js';
import { sessionSeconds } from './session.service.js';
import { newToken } from './tokens.js';

/** Tells the browser that began a log-in apart from all others. */
const nonceCookie = 'lianke_login';
/** Tells the phone that came back from the platform apart from all others. */
const confirmCookie = 'lianke_confirm';
const authPath = '/api/v1/auth';
const loginSeconds = 600;

/** What log-in keeps in a browser. */
@Injectable()
export class Browser {
  private readonly secure: boolean;

  constructor(@Inject(CONFIG) config: Pick<Config, 'publicUrl'>) {
    this.secure = config.publicUrl.startsWith('https:');
  }

  address(request: FastifyRequest): string {
    return request.ip;
  }

  userAgent(request: FastifyRequest): string {
    return request.headers['user-agent'] ?? '';
  }

  visitor(request: FastifyRequest): { address: string; userAgent: string } {
    return { address: this.address(request), userAgent: this.userAgent(request) };
  }

  logIn(reply: FastifyReply, token: string): void {
    this.set(reply, sessionCookie, token, '/', sessionSeconds);
  }

  logOut(reply: FastifyReply): void {
    this.set(reply, sessionCookie, '', '/', 0);
  }

  /** Whether the request was authorised by its cookie, as opposed to a bearer token. */
  byCookie(request: FastifyRequest): boolean {
    return request.headers.authorization === undefined;
  }

  nonce(request: FastifyRequest): string | undefined {
    return readCookie(request, nonceCookie);
  }

  /** The browser's nonce, made when it has none: several tabs may be logging in at once. */
  ensureNonce(request: FastifyRequest, reply: FastifyReply): string {
    const present = this.nonce(request);
    const nonce = present && /^[A-Za-z0-9_-]{43}$/.test(present) ? present : newToken();
    this.set(reply, nonceCookie, nonce, authPath, loginSeconds);
    return nonce;
  }

  dropNonce(reply: FastifyReply): void {
    this.set(reply, nonceCookie, '', authPath, 0);
  }

  confirmToken(request: FastifyRequest): string | undefined {
    return readCookie(request, confirmCookie);
  }

  setConfirmToken(reply: FastifyReply, token: string): void {
    this.set(reply, confirmCookie, token, authPath, loginSeconds);
  }

  private set(reply: FastifyReply, name: string, value: string, path: string, maxAge: number): void {
    setCookie(reply, name, value, { path, maxAge, secure: this.secure });
  }
}

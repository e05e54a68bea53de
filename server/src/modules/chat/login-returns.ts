import type { Words } from '@lianke/shared/errors/issue-text';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { saidIn } from '../../kernel/errors/said.js';
import type { Connection } from './connection.js';
import { ConnectionRepository } from './connection.repository.js';
import type { ConnectionCheck } from './port/platform.js';
import type { ChatPlatforms } from './port/platforms.js';
import { type Language, say } from './texts.js';

/**
 * Whether log-ins find their way back from the platform's page. No call of the platform tells which domain it sends
 * browsers to (WeCom's 授权回调域): only a code that arrived through it does.
 */
@Injectable()
export class LoginReturns {
  constructor(
    private readonly database: Database,
    private readonly repository: ConnectionRepository,
    private readonly platforms: ChatPlatforms,
    private readonly publicUrl: string,
  ) {}

  /** Host, and port where it is not the usual one, that log-ins come back to: our own, or that of the company's relay. */
  hostOf(connection: Connection): string {
    return new URL(connection.settings.loginRelay ?? this.publicUrl).host;
  }

  /** A trial was begun: what came of an earlier one does not count any more. */
  async tried(connection: Connection): Promise<void> {
    await this.note(connection, { host: this.hostOf(connection), triedAt: new Date().toISOString() });
  }

  /** A code of this connection came back from the platform's page for browsers; written once for a host. */
  async came(connection: Connection): Promise<void> {
    const host = this.hostOf(connection);
    const { login } = connection.state;
    if (login?.host === host && login.cameAt !== undefined) return;
    await this.note(connection, { host, cameAt: new Date().toISOString() });
  }

  /** A trial did not work: what is wrong and where it is mended. */
  async failed(connection: Connection, problem: Words): Promise<void> {
    await this.note(connection, { host: this.hostOf(connection), problem });
  }

  /** The line of the check-list; null where the platform's directory has settled it. Whole addresses are not tried, only seen. */
  check(connection: Connection, language: Language): ConnectionCheck | null {
    if (connection.suiteId !== null) return null;
    const key = 'login';
    const host = this.hostOf(connection);
    const { login } = connection.state;
    if (!this.platforms.of(connection).asksForLoginDomain) {
      const came = login?.host === host && login.cameAt !== undefined;
      return { key, ok: came ? true : null, message: say(came ? 'checkLoginOk' : 'dingLoginNone', { host }, language) };
    }
    // Seen at another host: the relay or our address has changed since.
    if (login?.host !== host) return { key, ok: null, message: say('checkLoginNone', {}, language) };
    if (login.problem !== undefined)
      return { key, ok: false, message: say('checkLoginBad', { reason: saidIn(login.problem, language) }, language) };
    if (login.cameAt === undefined) return { key, ok: null, message: say('checkLoginTried', { host }, language) };
    return { key, ok: true, message: say('checkLoginOk', { host }, language) };
  }

  private async note(connection: Connection, login: Connection['state']['login']): Promise<void> {
    await this.database.withTenant(connection, (tx) =>
      this.repository.note(tx, connection.id, { login: login ?? null }),
    );
  }
}

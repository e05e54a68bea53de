import type { MemberId, TenantId } from '@lianke/shared/ids';
import { bumpAccess } from '../../engine/versions.js';
import type { Database } from '../../kernel/database/database.js';
import { AppError, sentenceOf } from '../../kernel/errors/app-error.js';
import type { ChatAccounts } from '../chat/chat-accounts.js';
import type { ChatLogin } from '../chat/chat-login.js';
import type { Connection } from '../chat/connection.js';
import type { LoginReturns } from '../chat/login-returns.js';
import type { CodeSource } from '../chat/port/platform.js';
import type { LoginAttempt, LoginAttempts } from './login-attempts.js';
import { type LoginTrials, reasonOf } from './login-trials.js';
import type { SessionService } from './session.service.js';
import { hashToken, newToken } from './tokens.js';
import { TrialFailed } from './trial-troubles.js';

/** The browser that speaks to us. */
export interface Visitor {
  address: string;
  userAgent: string;
}

/** How a return from the platform ends. */
export type ReturnOutcome =
  /** This browser began the log-in: it is logged in with the token. */
  | { kind: 'session'; token: string; attempt: LoginAttempt }
  /** Another browser showed the QR: this person must confirm first, with the token as proof. */
  | { kind: 'confirm'; ticketToken: string; attempt: LoginAttempt }
  /** A trial: the code is the platform's own, and nobody is logged in. */
  | { kind: 'tried' };

export interface Person {
  memberId: MemberId;
  personKey: string;
}

/** Log-in through a chat platform. */
export class LoginService {
  constructor(
    private readonly database: Database,
    private readonly attempts: LoginAttempts,
    private readonly accounts: ChatAccounts,
    private readonly platform: ChatLogin,
    private readonly sessions: SessionService,
    private readonly returns: LoginReturns,
    private readonly trials: LoginTrials,
  ) {}

  /** The member behind a code. Refuses with `not_a_member` whom the tenant does not know: names are never guessed. */
  async personOf(
    connection: Connection,
    code: string,
    source: CodeSource,
    bindTo: MemberId | null = null,
  ): Promise<Person> {
    const userid = await this.platform.whoIs(connection, code, source);
    if (userid === null) throw new AppError('not_a_member');
    const known = await this.accounts.memberOf(connection, userid);
    const memberId = known ?? (bindTo && (await this.bind(connection, userid, bindTo)));
    if (!memberId || (bindTo && memberId !== bindTo)) throw new AppError('not_a_member');
    return { memberId, personKey: this.accounts.personKey(connection, userid) };
  }

  /**
   * The platform sent a browser back. A state serves once. A redirect must end in the browser where it began. A QR may be
   * confirmed on a phone, where the platform has already said who it is; but whoever lures somebody into opening his QR must
   * not be let in by that alone, so the person is shown which device asks and confirms on our own page.
   */
  async finish(
    attempt: LoginAttempt,
    connection: Connection,
    code: string | null,
    visitor: Visitor & { nonce: string | undefined },
  ): Promise<ReturnOutcome> {
    const own = visitor.nonce !== undefined && hashToken(visitor.nonce).equals(attempt.nonceHash);
    const trial = attempt.kind === 'trial';
    const over = (kind: 'otherBrowser' | 'expired' | 'used') =>
      trial ? new TrialFailed({ kind }, connection) : new AppError('session_expired');
    if (!own && attempt.kind !== 'qr') throw over('otherBrowser');
    if (!(await this.attempts.advance(attempt, 'waiting', 'exchanging')))
      throw over(attempt.expired ? 'expired' : 'used');
    if (trial) return this.finishTrial(attempt, connection, code);
    let person: Person;
    try {
      if (code === null) throw new AppError('session_expired');
      person = await this.personOf(connection, code, 'page', attempt.bindMemberId);
      if (!this.platform.isInside(connection, visitor.userAgent)) await this.returns.came(connection);
    } catch (error) {
      const reason = error instanceof AppError ? sentenceOf(error) : null;
      await this.attempts.advance(attempt, 'exchanging', 'refused', { reason });
      throw error;
    }
    if (own) {
      const token = await this.collect({ attempt, connection, from: 'exchanging', person, visitor });
      if (token === null) throw new AppError('session_expired');
      return { kind: 'session', token, attempt };
    }
    const ticketToken = newToken();
    await this.attempts.advance(attempt, 'exchanging', 'confirming', {
      ...person,
      confirmHash: hashToken(ticketToken),
    });
    return { kind: 'confirm', ticketToken, attempt };
  }

  private async finishTrial(
    attempt: LoginAttempt,
    connection: Connection,
    code: string | null,
  ): Promise<ReturnOutcome> {
    try {
      await this.trials.finish(connection, code);
    } catch (error) {
      const reason = error instanceof TrialFailed ? reasonOf(error) : null;
      await this.attempts.advance(attempt, 'exchanging', 'refused', { reason });
      throw error;
    }
    await this.attempts.advance(attempt, 'exchanging', 'done');
    return { kind: 'tried' };
  }

  /** The person on the phone answered our question. False when it was not his to answer or no longer open. */
  async answer(attempt: LoginAttempt, token: string | undefined, yes: boolean): Promise<boolean> {
    if (!mayAnswer(attempt, token)) return false;
    return this.attempts.advance(attempt, 'confirming', yes ? 'done' : 'refused', {
      reason: yes ? null : { zh: '本人没有确认这次登录', en: 'the person did not confirm this log-in' },
    });
  }

  /**
   * Makes the session of an attempt and closes it, in one transaction: two polls at once get one session.
   * @returns null when the attempt was closed already
   */
  collect({
    attempt,
    connection,
    from,
    person,
    visitor,
  }: {
    attempt: LoginAttempt;
    connection: Connection;
    from: 'exchanging' | 'done';
    person: Person;
    visitor: Visitor;
  }): Promise<string | null> {
    return this.database.withTenant(attempt, async (tx) => {
      if (!(await this.attempts.advanceIn(tx, attempt, from, 'collected', person))) return null;
      return this.sessions.createIn(tx, attempt.tenantId, {
        ...person,
        channel: connection.channel,
        door: attempt.returnTo.startsWith('/m/') ? 'miniapp' : 'console',
        address: visitor.address,
        userAgent: visitor.userAgent,
      });
    });
  }

  /** Makes an unknown chat account that of a member who is logged in here, unless he has one already. */
  private async bind(connection: Connection, userid: string, memberId: MemberId): Promise<MemberId | null> {
    return this.database.withTenant(connection, async (tx) => {
      const taken = await tx.sql('SELECT 1 FROM lianke.chat_account WHERE connection_id = $1 AND member_id = $2', [
        connection.id,
        memberId,
      ]);
      if (taken.length > 0 || (await this.accounts.boundIn(tx, connection, userid))) return null;
      await this.accounts.bind(tx, connection, [{ userid, memberId }]);
      await bumpAccess(tx, connection.tenantId as TenantId);
      return memberId;
    });
  }
}

/** Only the browser that came back from the platform may answer, while the question is open. */
export function mayAnswer(attempt: LoginAttempt, token: string | undefined): boolean {
  return (
    attempt.status === 'confirming' &&
    !attempt.expired &&
    token !== undefined &&
    attempt.confirmHash !== null &&
    hashToken(token).equals(attempt.confirmHash)
  );
}

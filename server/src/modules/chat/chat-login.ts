import type { Words } from '@lianke/shared/errors/issue-text';
import { AppError } from '../../kernel/errors/app-error.js';
import { equalSecrets, type SecretBox } from '../../kernel/secrets/secret-box.js';
import type { Connection } from './connection.js';
import type { CodeSource, LoginReturn } from './port/platform.js';
import { channelFailed, PlatformError } from './port/platform-error.js';
import type { ChatPlatforms } from './port/platforms.js';

/** How a chat platform says who somebody is. */
export class ChatLogin {
  constructor(
    private readonly platforms: ChatPlatforms,
    private readonly secrets: SecretBox,
    private readonly publicUrl: string,
  ) {}

  /**
   * Where the platform sends the browser back: our callback, or the company's relay with the callback signed for this
   * log-in, so that it is of use for nothing else.
   */
  returnTo(connection: Connection, state: string): LoginReturn {
    const relay = connection.settings.loginRelay;
    const redirectUri = relay
      ? `${relay}?${new URLSearchParams({ to: this.signedCallback(connection, state).to })}`
      : this.callback(connection);
    return { redirectUri, state };
  }

  /**
   * Whether a log-in came back the way it was sent. A relay gives on what it was given (`to`), or goes where that leads
   * (`sig`).
   */
  cameBack(connection: Connection, back: { state: string; to: string; sig: string }): boolean {
    if (!connection.settings.loginRelay) return true;
    const { to, sig } = this.signedCallback(connection, back.state);
    return equalSecrets(back.to, to) || equalSecrets(back.sig, sig);
  }

  /** The platform's page, for a browser outside of the chat. */
  webUrl(connection: Connection, to: LoginReturn, language: 'zh' | 'en'): string {
    return this.platforms.of(connection).webLoginUrl(connection, to, language);
  }

  /** The silent authorisation, for a page opened inside the chat. */
  inChatUrl(connection: Connection, to: LoginReturn): string {
    return this.platforms.of(connection).inChatLoginUrl(connection, to);
  }

  /** Whether the browser is the client of the connection's own platform. */
  isInside(connection: Connection, userAgent: string): boolean {
    return this.platforms.of(connection).isInside(userAgent);
  }

  /** The chat client that a browser is part of, by its name on screen; null for a plain browser. */
  clientAround(userAgent: string): string | null {
    return this.platforms.around(userAgent)?.name ?? null;
  }

  /** What the platform refuses of a connection's settings; null where it refuses nothing, or does not answer. */
  async refusedSettings(connection: Connection): Promise<Words | null> {
    try {
      await this.platforms.of(connection).checkLogin(connection);
      return null;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return error.kind === 'config' ? error.words() : null;
    }
  }

  /**
   * Whose code it is; null for somebody outside of the corp. A code that is unknown, used or too old refuses with
   * `session_expired`, a platform that does not answer with `channel_failed`.
   */
  async whoIs(connection: Connection, code: string, source: CodeSource): Promise<string | null> {
    const platform = this.platforms.of(connection);
    try {
      return await platform.userOfCode(connection, code, source);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.kind === 'code') throw new AppError('session_expired');
      throw channelFailed(platform.name, error.words());
    }
  }

  private callback(connection: Connection): string {
    return `${this.publicUrl}/api/v1/auth/${connection.channel}/callback`;
  }

  private signedCallback(connection: Connection, state: string): { to: string; sig: string } {
    const callback = this.callback(connection);
    const sig = this.secrets.hash('login-relay', `${connection.id}\n${callback}\n${state}`);
    return { to: `${callback}?sig=${sig}`, sig };
  }
}

import { AppError } from '../../kernel/errors/app-error.js';
import type { Channel, Connection } from './connection.js';
import { inChatLoginUrl, webLoginUrl } from './wecom/login.js';
import { reasonOf } from './wecom/reasons.js';
import type { WecomClient } from './wecom/wecom-client.js';
import { WecomError } from './wecom/wecom-error.js';

export interface LoginReturn {
  /** Where the platform sends the browser, with `code` and `state`. */
  redirectUri: string;
  /** Letters and digits, at most 128. */
  state: string;
}

const names: Record<Channel, string> = { wecom: '企业微信', dingtalk: '钉钉' };

/** How a chat platform says who somebody is. */
export class ChatLogin {
  constructor(
    private readonly client: WecomClient,
    private readonly bases: { oauthBase: string; loginBase: string },
  ) {}

  /** The platform's page with a QR, for a browser outside of the chat. */
  webUrl(connection: Connection, to: LoginReturn, language: 'zh' | 'en'): string {
    return webLoginUrl(connection, { ...to, base: this.bases.loginBase }, language);
  }

  /** The silent authorisation, for a page opened inside the chat. */
  inChatUrl(connection: Connection, to: LoginReturn): string {
    return inChatLoginUrl(connection, { ...to, base: this.bases.oauthBase });
  }

  /**
   * Whose code it is; null for somebody outside of the corp. A code that is unknown, used or too old refuses with
   * `session_expired`, a platform that does not answer with `channel_failed`.
   */
  async whoIs(connection: Connection, code: string, client: 'h5' | 'miniprogram'): Promise<string | null> {
    try {
      return client === 'miniprogram'
        ? await this.client.userOfMiniProgramCode(connection, code)
        : await this.client.userOfCode(connection, code);
    } catch (error) {
      if (!(error instanceof WecomError)) throw error;
      if (error.kind === 'code') throw new AppError('session_expired');
      throw new AppError('channel_failed', { channel: names[connection.channel], detail: reasonOf(error) });
    }
  }
}

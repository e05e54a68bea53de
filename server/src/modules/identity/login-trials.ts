import type { Words } from '@lianke/shared/errors/issue-text';
import { AppError, sentenceOf } from '../../kernel/errors/app-error.js';
import type { ChatLogin } from '../chat/chat-login.js';
import type { Connection } from '../chat/connection.js';
import type { LoginReturns } from '../chat/login-returns.js';
import { explainTrouble, TrialFailed, type TrialTrouble } from './trial-troubles.js';

/** 试一次登录: a way to the platform's log-in page and back that logs nobody in. */
export class LoginTrials {
  constructor(
    private readonly platform: ChatLogin,
    private readonly returns: LoginReturns,
  ) {}

  /**
   * Asks the platform about the company, the app and its secret before the browser goes there: its page would only show a
   * number. @throws TrialFailed with what it refuses
   */
  async begin(connection: Connection): Promise<void> {
    if (connection.secret === null) throw new TrialFailed({ kind: 'secret' }, connection);
    const words = await this.platform.refusedSettings(connection);
    if (words) return this.fail(connection, { kind: 'settings', words });
    await this.returns.tried(connection);
  }

  /** Whoever scanned: his code shows that the platform sends browsers back here. @throws TrialFailed */
  async finish(connection: Connection, code: string | null): Promise<void> {
    if (code === null) return this.fail(connection, { kind: 'noCode' });
    try {
      await this.platform.whoIs(connection, code, 'page');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return this.fail(connection, troubleOf(error));
    }
    await this.returns.came(connection);
  }

  /** Notes on the check-list why the trial failed. @throws TrialFailed */
  async fail(connection: Connection, trouble: TrialTrouble): Promise<never> {
    const failed = new TrialFailed(trouble, connection);
    await this.returns.failed(connection, reasonOf(failed));
    throw failed;
  }
}

function troubleOf(error: AppError): TrialTrouble {
  return error.code === 'session_expired' ? { kind: 'code' } : { kind: 'settings', words: sentenceOf(error) };
}

/** Why, and where it is mended, in one line. */
export function reasonOf(failed: TrialFailed): Words {
  const { reason, mend } = explainTrouble(failed);
  return mend ? { zh: `${reason.zh}${mend.zh}`, en: `${reason.en} ${mend.en}` } : reason;
}

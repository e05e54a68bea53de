import type { ConnectionId } from '@lianke/shared/ids';
import type { Logger } from '../../../kernel/logging/logger.js';
import { PlatformError } from '../port/platform-error.js';
import type { Grant, SuitePlatform, Suites } from '../port/suite.js';
import type { LicenceBook } from './licence-book.js';
import type { LicenceWatch } from './licence-watch.js';
import type { SuiteInbox, SuiteRow } from './suite-inbox.js';
import type { SuiteInstaller } from './suite-installer.js';
import type { SuiteInstalls } from './suite-installs.js';

const maxAttempts = 8;

interface Done {
  connectionId?: ConnectionId | null;
  /** Why nothing was done. */
  error?: string | null;
}

/** Works on what platforms told the apps of their directories: companies that come, change and go. */
export class SuiteWorker {
  constructor(
    private readonly parts: {
      suites: Suites;
      inbox: SuiteInbox;
      installer: SuiteInstaller;
      installs: SuiteInstalls;
      licences: LicenceBook;
      watch: LicenceWatch;
      logger: Logger;
    },
  ) {}

  /** One round of the loop; true when more may be waiting. */
  async round(): Promise<boolean> {
    const rows = await this.parts.inbox.claim();
    for (const row of rows) await this.work(row);
    return rows.length > 0;
  }

  /** Works on one instruction now, unless somebody else does. */
  async now(id: string): Promise<void> {
    for (const row of await this.parts.inbox.claimOne(id)) await this.work(row);
  }

  private async work(row: SuiteRow): Promise<void> {
    const { inbox, logger } = this.parts;
    try {
      const suite = this.parts.suites.of(row.channel);
      const done = suite?.id === row.suiteId ? await this.handle(suite, row) : { error: 'no such app any more' };
      await inbox.close(row, 'done', done);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      logger.error({ err: error, suiteInboxId: row.id, kind: row.task.kind }, 'an instruction was not carried out');
      // A code that is used or too old stays so.
      const hopeless = error instanceof PlatformError && error.kind === 'code';
      if (hopeless || row.attempts + 1 >= maxAttempts) await inbox.close(row, 'failed', { error: text });
      else await inbox.postpone(row, 2 ** row.attempts, text);
    }
  }

  private async handle(suite: SuitePlatform, row: SuiteRow): Promise<Done> {
    const { inbox, installer, installs, licences } = this.parts;
    const { task } = row;
    switch (task.kind) {
      case 'code': {
        const grant = await suite.exchange(task.authCode);
        await inbox.replace(row, { kind: 'grant', grant });
        return this.install(suite, grant);
      }
      case 'grant':
        return this.install(suite, task.grant);
      case 'changed':
        return { connectionId: (await installer.refresh(suite, task.corpId))?.connectionId ?? null };
      case 'cancelled':
        return { error: await installer.cancel(suite, task.corpId, row.attempts + 1 >= maxAttempts) };
      case 'licences': {
        const found = await installs.find(suite, task.corpId);
        if (!found) return { error: 'no such company' };
        await licences.merge(found, task.licences);
        return { connectionId: found.connectionId };
      }
    }
  }

  private async install(suite: SuitePlatform, grant: Grant): Promise<Done> {
    const found = await this.parts.installer.install(suite, grant);
    await this.parts.watch.welcome(found);
    return { connectionId: found.connectionId };
  }
}

import type { Words } from '@lianke/shared/errors/issue-text';
import type { MemberId } from '@lianke/shared/ids';
import { dateIn } from '@lianke/shared/time/zone';
import type { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import type { Notifier } from '../../../engine/ports.js';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Database } from '../../../kernel/database/database.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import { PlatformError } from '../port/platform-error.js';
import type { Installation, Suites } from '../port/suite.js';
import { both, type Language, say } from '../texts.js';
import type { EndingLicence, LicenceBook } from './licence-book.js';
import type { SuiteInstalls } from './suite-installs.js';

const day = 86_400_000;
const warnDays = 30;
const readEveryMs = 0.8 * day;
const namedPeople = 5;

/** Reads licences once a day and tells administrators of those that end within thirty days, of each end once. */
export class LicenceWatch {
  constructor(
    private readonly parts: {
      database: Database;
      suites: Suites;
      installs: SuiteInstalls;
      connections: ConnectionRepository;
      licences: LicenceBook;
      tenants: TenantDirectory;
      notifier: Notifier;
      clock: Clock;
      logger: Logger;
    },
  ) {}

  async sweep(): Promise<void> {
    const { installs, connections, clock, logger } = this.parts;
    for (const { tenantId, connectionId, licencesAt } of await installs.active()) {
      const connection = await connections.ofTenant({ tenantId }, connectionId);
      if (!connection?.secret) continue;
      try {
        const due = !licencesAt || clock.now().getTime() - Date.parse(licencesAt) >= readEveryMs;
        if (due) await this.read(connection);
        await this.warn(connection);
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        logger.warn({ err: error, connectionId }, 'licences could not be read');
      }
    }
  }

  /** Reads the licences of a company that has just come; what the platform refuses is read on another day. */
  async welcome({ tenantId, connectionId }: Pick<Installation, 'tenantId' | 'connectionId'>): Promise<void> {
    const connection = await this.parts.connections.ofTenant({ tenantId }, connectionId);
    if (!connection?.secret) return;
    try {
      await this.read(connection);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      this.parts.logger.warn({ err: error, connectionId }, 'licences could not be read');
    }
  }

  private async read(connection: Connection): Promise<void> {
    const licences = await this.parts.suites.ofConnection(connection)?.licences(connection);
    if (licences) await this.parts.licences.replace(placeOf(connection), licences, this.parts.clock.now());
  }

  /** The mark and the message are one transaction, so that nobody is told twice and nobody not at all. */
  private async warn(connection: Connection): Promise<void> {
    const now = this.parts.clock.now();
    const until = new Date(now.getTime() + warnDays * day);
    const ctx = await this.parts.tenants.context(connection.tenantId, { kind: 'system', name: 'sync' });
    await this.parts.database.withTenant(ctx, async (tx) => {
      const ending = await this.parts.licences.ending(tx, placeOf(connection), now, until);
      const [first] = ending;
      if (!first) return;
      const administrators = await tx.sql<{ id: MemberId }>(
        `SELECT DISTINCT m.id FROM lianke.member m JOIN lianke.role_member rm ON rm.member_id = m.id
         JOIN lianke.role r ON r.id = rm.role_id AND (r.permissions->>'admin')::boolean WHERE m.state = 'active'`,
      );
      const date = dateIn(ctx.timeZone, new Date(first.expiresAt));
      // One for the company as a whole comes with an order, those of members are licences.
      const whole = ending.every(({ userid }) => userid === '');
      await this.parts.notifier.enqueue(tx, ctx, {
        key: `licence:${connection.id}:${now.toISOString()}`,
        to: administrators.map(({ id }) => id),
        topic: 'direct',
        about: { kind: 'none', id: null },
        card: {
          kind: 'notice',
          title: both(whole ? 'orderTitle' : 'licenceTitle'),
          description: whole
            ? both('orderDescription', { date, name: connection.name })
            : both('licenceDescription', { count: String(ending.length), date, name: connection.name }),
          facts: [{ label: both('licenceWho'), value: namesOf(ending) }],
          path: '/pages/workbench/index',
          buttons: [],
        },
      });
    });
  }
}

function placeOf({ tenantId, id }: Connection) {
  return { tenantId, connectionId: id };
}

function namesOf(ending: readonly EndingLicence[]): Words {
  const rest = Math.max(0, ending.length - namedPeople);
  const named = (language: Language) => {
    const names = ending
      .slice(0, namedPeople)
      .map(({ userid, name }) => name ?? (userid || say('licenceCompany', {}, language)));
    const more = rest > 0 ? say('licenceMore', { count: rest }, language) : '';
    return names.join({ zh: '、', en: ', ' }[language]) + more;
  };
  return { zh: named('zh'), en: named('en') };
}

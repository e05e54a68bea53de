import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatTestApp, startChatApp } from '../../../../test/support/chat-app.js';
import { OrgService } from '../../../engine/org/org.service.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { Database } from '../../../kernel/database/database.js';
import { createLogger } from '../../../kernel/logging/logger.js';
import { ChatAccounts } from '../chat-accounts.js';
import { ConnectionRepository } from '../connection.repository.js';
import { SyncRepository } from '../org/sync.repository.js';
import { OrgSyncJobs } from '../org-sync-jobs.js';
import { ChatPlatforms } from '../port/platforms.js';
import { Suites } from '../port/suite.js';
import { LicenceBook } from './licence-book.js';
import { LicenceWatch } from './licence-watch.js';
import { SuiteInbox } from './suite-inbox.js';
import { SuiteInstaller, type SuiteInstallerParts } from './suite-installer.js';
import { SuiteInstalls } from './suite-installs.js';
import { SuiteService } from './suite-service.js';
import { SuiteWorker } from './suite-worker.js';

const suite = { channel: 'wecom', id: 'wwsuite0000000001' } as const;
let t: ChatTestApp;
beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  await platform('ticket', {});
});
afterAll(() => t.close());

async function platform<T>(action: string, body: unknown): Promise<T> {
  const url = `${t.sandbox.url}/sandbox/api/suites/${suite.id}/${action}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  await t.sandbox.state.callbacks.idle();
  return (await answer.json()) as T;
}

const tenantCount = async () => (await t.app.get(TenantDirectory).list()).length;

/** A company that nobody knows here yet. */
function newCorp(corpId: string): void {
  const { world } = t.sandbox.state.wecom;
  const like = world.corps.get('wwmine0000000002');
  if (!like) throw new Error('no corp');
  world.corps.set(corpId, { ...structuredClone(like), corpId, name: corpId });
}

type Step = (dead: { parts: SuiteInstallerParts; inbox: SuiteInbox }, die: () => never) => void;

/** Replaces one method by itself and what follows. */
function after<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  then: () => never,
): Target {
  const method = target[name] as (...args: unknown[]) => Promise<unknown>;
  return new Proxy(target, {
    get: (all, key) =>
      key === name
        ? async (...args: unknown[]) => {
            await method.apply(all, args);
            then();
          }
        : typeof all[key as keyof Target] === 'function'
          ? (all[key as keyof Target] as (...args: unknown[]) => unknown).bind(all)
          : all[key as keyof Target],
  });
}

/** A process of its own that dies at a step: from there on it does nothing more, not even give its row back. */
async function workUntilKilled(step: Step): Promise<void> {
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Error('killed');
  };
  const { app } = t;
  const real = app.get(SuiteInbox);
  const inbox = new Proxy(real, {
    get: (all, key: keyof SuiteInbox) => {
      const method = (all[key] as (...args: unknown[]) => unknown).bind(all);
      return key === 'close' || key === 'postpone'
        ? async (...args: unknown[]) => (dead ? undefined : method(...args))
        : method;
    },
  });
  const world = {
    inbox,
    parts: {
      database: app.get(Database),
      org: app.get(OrgService),
      installs: app.get(SuiteInstalls),
      connections: app.get(ConnectionRepository),
      accounts: app.get(ChatAccounts),
      repository: app.get(SyncRepository),
      platforms: app.get(ChatPlatforms),
      syncs: app.get(OrgSyncJobs),
      clock: t.clock,
    } as SuiteInstallerParts,
  };
  step(world, die);
  const worker = new SuiteWorker({
    suites: app.get(Suites),
    inbox: world.inbox,
    installer: new SuiteInstaller(world.parts),
    installs: app.get(SuiteInstalls),
    licences: app.get(LicenceBook),
    watch: app.get(LicenceWatch),
    logger: createLogger({ level: 'silent' }),
  });
  await worker.round();
  expect(dead, 'the process was killed at the step').toBe(true);
}

const steps: [name: string, step: Step][] = [
  [
    'the permanent code was fetched and kept',
    (world, die) => {
      world.inbox = after(world.inbox, 'replace', die);
    },
  ],
  [
    'the ids of tenant and connection were settled',
    ({ parts }, die) => {
      parts.installs = after(parts.installs, 'begin', die);
    },
  ],
  [
    'the tenant was made',
    ({ parts }, die) => {
      parts.org = after(parts.org, 'createTenant', die);
    },
  ],
  [
    'its roles were made',
    ({ parts }, die) => {
      parts.org = after(parts.org, 'addDefaultRoles', die);
    },
  ],
  [
    'the connection was written, not yet for good',
    ({ parts }, die) => {
      parts.connections = after(parts.connections, 'insert', die);
    },
  ],
  [
    'the consent was in force and nobody had asked for the people',
    ({ parts }, die) => {
      parts.syncs = new Proxy(parts.syncs, {
        get: (all, key) => (key === 'request' ? async () => die() : all[key as keyof OrgSyncJobs]),
      });
    },
  ],
  [
    'the people were asked for',
    ({ parts }, die) => {
      parts.syncs = after(parts.syncs, 'request', die);
    },
  ],
];

describe('an installation whose process is killed when', () => {
  it.each(steps.map(([name, step], index) => [name, step, index] as const))(
    '%s is finished by the next one, as one tenant with its people',
    async (_name, step, index) => {
      const corpId = `wwkilled${index}00000003`;
      newCorp(corpId);
      const before = await tenantCount();
      const install = { corpId, userid: 'admin', event: false };
      const { authCode, openCorpId } = await platform<{ authCode: string; openCorpId: string }>('install', install);
      const app = t.app.get(SuiteService).of('wecom');
      if (!app) throw new Error('no suite');
      const deliver = () => t.app.get(SuiteService).receive(app, { kind: 'code', authCode }, `code:${authCode}`);
      await deliver();
      await workUntilKilled(step);

      // The platform says it again, and another process looks: the dead one's row is still its own.
      await deliver();
      expect(await t.app.get(SuiteWorker).round()).toBe(false);
      await t.database.control(
        'UPDATE lianke.suite_inbox SET lease_until = clock_timestamp() WHERE lease_until IS NOT NULL',
      );
      await t.app.get(SuiteWorker).round();

      expect(await tenantCount()).toBe(before + 1);
      const found = await t.app.get(SuiteInstalls).find(suite, openCorpId);
      expect(found?.state).toBe('active');
      const connection = found && (await t.app.get(ConnectionRepository).ofTenant(found, found.connectionId));
      expect(connection?.secret).toBe(
        t.sandbox.state.wecom.world.suites.get(suite.id)?.installs.get(corpId)?.permanentCode,
      );
      if (!connection) throw new Error('no connection');
      const rows = (sql: string) => t.database.withTenant(connection, (tx) => tx.sql(sql));
      const administrators = `SELECT 1 FROM lianke.role_member rm JOIN lianke.role r ON r.id = rm.role_id WHERE r.key = 'admin'`;
      expect(await rows(administrators)).toHaveLength(1);
      expect(await rows('SELECT 1 FROM lianke.chat_connection')).toHaveLength(1);
      expect(connection.state.sync?.requestedAt).toBeDefined();
      const jobs = await t.database.asOwner((client) =>
        client.query(`SELECT 1 FROM graphile_worker.jobs WHERE key = $1`, [`org-sync:${connection.id}`]),
      );
      expect(jobs.rows).toHaveLength(1);
      await t.app.get(OrgSyncJobs).run(connection);
      const people = t.sandbox.state.wecom.world.corps.get(corpId)?.members.size;
      expect(await rows(`SELECT 1 FROM lianke.member WHERE state = 'active'`)).toHaveLength(people ?? 0);
      const open = await t.database.control(`SELECT 1 FROM lianke.suite_inbox WHERE state <> 'done'`);
      expect(open).toHaveLength(0);
    },
  );
});

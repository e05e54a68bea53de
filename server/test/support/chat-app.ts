import cookie from '@fastify/cookie';
import type { MemberId, RoleId, TenantId } from '@lianke/shared/ids';
import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createSandbox, type RunningSandbox, type SandboxOptions } from '../../../infra/sandbox/src/server.js';
import { AccessService } from '../../src/engine/access/access.service.js';
import { AccessRuleBook } from '../../src/engine/access/app-access.js';
import { FormRegistry } from '../../src/engine/forms/form-registry.js';
import { TenantSchema } from '../../src/engine/forms/tenant-schema.js';
import { TaskChanges } from '../../src/engine/live/task-changes.js';
import { OrgController } from '../../src/engine/org/org.controller.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { OrgDirectory } from '../../src/engine/org/org-directory.js';
import { TenantDirectory } from '../../src/engine/org/tenant-directory.js';
import { CardActions, ChatWords } from '../../src/engine/ports.js';
import { ShiftedClock } from '../../src/kernel/clock/clock.js';
import type { Config } from '../../src/kernel/config/config.js';
import type { SuiteConfigs } from '../../src/kernel/config/suites.js';
import type { DatabaseUrls } from '../../src/kernel/database/bootstrap.js';
import { Database } from '../../src/kernel/database/database.js';
import { ProblemFilter } from '../../src/kernel/http/problem-filter.js';
import { SessionGuard } from '../../src/kernel/http/session-guard.js';
import { GraphileJobs } from '../../src/kernel/jobs/graphile-jobs.js';
import { KernelModule } from '../../src/kernel/kernel.module.js';
import { createLogger } from '../../src/kernel/logging/logger.js';
import { createMetrics } from '../../src/kernel/metrics/metrics.js';
import { UndiciHttp } from '../../src/kernel/outbound/undici-http.js';
import { MemoryBus } from '../../src/kernel/redis/bus.js';
import { MemoryRateLimiter } from '../../src/kernel/redis/rate-limiter.js';
import { SecretBox } from '../../src/kernel/secrets/secret-box.js';
import { ChatModule } from '../../src/modules/chat/chat.module.js';
import type { Connection } from '../../src/modules/chat/connection.js';
import { ConnectionRepository } from '../../src/modules/chat/connection.repository.js';
import { ConnectionService } from '../../src/modules/chat/connection.service.js';
import { OrgSync } from '../../src/modules/chat/org/org-sync.js';
import { IdentityModule } from '../../src/modules/identity/identity.module.js';
import { PasswordService } from '../../src/modules/identity/password.service.js';
import { createTestDatabase, testSecretKey } from './database.js';

const engine = [
  TaskChanges,
  TenantDirectory,
  OrgDirectory,
  OrgService,
  TenantSchema,
  FormRegistry,
  AccessRuleBook,
  AccessService,
  CardActions,
  ChatWords,
];

/** As much of the engine as log-in and messages need. */
@Global()
@Module({ controllers: [OrgController], providers: engine, exports: engine })
class OrganisationModule {}

export interface ChatTestApp {
  app: NestFastifyApplication;
  database: Database;
  sandbox: RunningSandbox;
  /** Origin of the application. */
  url: string;
  /** Business time; runs with the real one until moved. */
  clock: ShiftedClock;
  jobs: GraphileJobs;
  /** The database's, for processes beside this one. */
  urls: DatabaseUrls;
  close(): Promise<void>;
}

export interface TestTenant {
  tenantId: TenantId;
  adminRoleId: RoleId;
  adminId: MemberId;
}

export const adminPassword = 'correct horse battery';

/** The application with identity and chat, and the sandbox it talks to, both listening on free ports of this machine. */
export async function startChatApp({
  outboundPrivate = [],
  ...options
}: Pick<SandboxOptions, 'wait' | 'seed'> & { outboundPrivate?: string[] } = {}): Promise<ChatTestApp> {
  const test = await createTestDatabase();
  const database = new Database(test);
  await database.connect();
  // Each side must know the other's address before it starts, so the application's port is found first.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const sandbox = await createSandbox({ port: 0, publicUrl: url, ...options });
  const config: Config = {
    // Specs run the loops by hand, so that nothing happens behind their back.
    role: 'api',
    port,
    host: '127.0.0.1',
    publicUrl: url,
    home: '/nonexistent',
    secretKey: testSecretKey,
    database: undefined,
    redisUrl: undefined,
    s3: undefined,
    trustedProxies: [],
    outboundProxy: undefined,
    outboundPrivate,
    adminPassword: undefined,
    passwordLogin: true,
    sandbox: true,
    logLevel: 'silent',
    wecom: { apiBase: sandbox.url, oauthBase: sandbox.url, loginBase: sandbox.url, installBase: sandbox.url },
    dingtalk: { apiBase: sandbox.url, oapiBase: sandbox.url, loginBase: sandbox.url },
    suites: suitesOfSeed(sandbox.state.seed),
    warnings: [],
  };
  const clock = new ShiftedClock();
  const unused = new Proxy({}, { get: () => undefined }) as never;
  const logger = createLogger({ level: process.env.TEST_LOG ?? 'silent' });
  const jobs = new GraphileJobs({ connectionString: test.ownerUrl, log: logger });
  const outbound = new UndiciHttp({ trustedHosts: [sandbox.url], inner: outboundPrivate });
  const module = await Test.createTestingModule({
    imports: [
      KernelModule.with({
        config,
        database,
        clock,
        bus: new MemoryBus(),
        rateLimiter: new MemoryRateLimiter(),
        storage: unused,
        outbound,
        secrets: new SecretBox(testSecretKey),
        logger,
        metrics: createMetrics({ defaults: false }),
        jobs,
      }),
      OrganisationModule,
      IdentityModule,
      ChatModule,
    ],
    providers: [
      { provide: APP_GUARD, useClass: SessionGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(
    new FastifyAdapter({ forceCloseConnections: true }),
    {
      logger: process.env.TEST_LOG ? ['error', 'warn'] : false,
    },
  );
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(cookie as never);
  await app.listen(port, '127.0.0.1');
  return {
    app,
    database,
    sandbox,
    url,
    clock,
    jobs,
    urls: test,
    close: async () => {
      await app.close();
      await jobs.stop();
      await sandbox.close();
      await outbound.close();
      await database.close();
      await test.drop();
    },
  };
}

/** The sandbox's apps in the platforms' directories, as settings of the application. */
function suitesOfSeed({ suites: [wecom], dingSuites: [dingtalk] }: RunningSandbox['state']['seed']): SuiteConfigs {
  return {
    wecom: wecom && { ...wecom, id: wecom.suiteId, secret: wecom.suiteSecret },
    dingtalk: dingtalk && {
      ...dingtalk,
      id: dingtalk.suiteKey,
      secret: dingtalk.suiteSecret,
      cardTemplateId: dingtalk.cardTemplates[0]?.id,
      noticeTemplateId: dingtalk.noticeTemplates[0],
    },
  };
}

/** A company whose administrator `admin` logs in with {@link adminPassword}. */
export async function makeTenant({ app }: ChatTestApp, key: string, name = key): Promise<TestTenant> {
  const org = app.get(OrgService);
  const { tenantId, adminRoleId } = await org.createTenant({ key, name });
  const adminId = await org.createMember({ tenantId }, { name: '管理员', account: 'admin', roleIds: [adminRoleId] });
  await app.get(PasswordService).set({ tenantId }, adminId, adminPassword);
  return { tenantId, adminRoleId, adminId };
}

/** Connects a company to one of the sandbox's corps, callback and contacts included. */
export async function connectWecom(
  { app, sandbox }: Pick<ChatTestApp, 'app' | 'sandbox'>,
  tenantId: TenantId,
  corp: 'demo' | 'mine' = 'demo',
): Promise<Connection> {
  const seed = sandbox.state.seed.wecom.find((each) => each.tenant === corp);
  const agent = seed?.apps[0];
  if (!seed || !agent) throw new Error(`the sandbox has no corp ${corp}`);
  const connections = app.get(ConnectionService);
  const connection = await connections.save(
    { tenantId },
    { channel: 'wecom', name: '企业微信', corpId: seed.corpId, agentId: String(agent.agentId), secret: agent.secret },
  );
  for (const agentId of [agent.agentId, 0]) {
    const answer = await fetch(`${sandbox.url}/sandbox/api/corps/${seed.corpId}/apps/${agentId}/callback`, {
      method: 'POST',
      body: JSON.stringify({
        url: connections.callbackUrl(connection),
        token: connection.callbackToken,
        aesKey: connection.callbackAesKey,
      }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
  await app.get(OrgSync).run(connection);
  return connection;
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * Connects a company to one of the sandbox's DingTalk corps, contacts included. Pushes come over the stream, which a spec
 * opens by `DingtalkStreams.round()`, or with `push: 'http'` to the callback address, which the sandbox verifies here.
 */
export async function connectDingtalk(
  { app, sandbox }: Pick<ChatTestApp, 'app' | 'sandbox'>,
  tenantId: TenantId,
  options: { corp?: 'demo' | 'mine'; push?: 'stream' | 'http' } = {},
): Promise<Connection> {
  const corp = sandbox.state.seed.dingtalk.find((each) => each.tenant === (options.corp ?? 'demo'));
  const agent = corp?.apps[0];
  if (!corp || !agent) throw new Error('the sandbox has no such corp');
  const connections = app.get(ConnectionService);
  const connection = await connections.save(
    { tenantId },
    {
      channel: 'dingtalk',
      name: '钉钉',
      corpId: corp.corpId,
      agentId: String(agent.agentId),
      appKey: agent.appKey,
      secret: agent.appSecret,
      settings: { push: options.push ?? 'stream', cardTemplateId: agent.cardTemplates[0]?.id ?? '' },
    },
  );
  if (options.push === 'http') {
    const answer = await fetch(`${sandbox.url}/sandbox/api/dingtalk/apps/${agent.appKey}/event-push`, {
      method: 'POST',
      body: JSON.stringify({
        url: connections.callbackUrl(connection),
        token: connection.callbackToken,
        aesKey: connection.callbackAesKey,
      }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
  await app.get(OrgSync).run(connection);
  return (await app.get(ConnectionRepository).ofTenant({ tenantId }, connection.id)) ?? connection;
}

import type { MemberId, RoleId, TenantId } from '@lianke/shared/ids';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/create-app.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import type { KernelParts } from '../../src/kernel/kernel.module.js';
import type { OutboundHttp } from '../../src/kernel/outbound/outbound-http.js';
import { SessionService } from '../../src/modules/identity/session.service.js';
import { testKernel } from './engine.js';
import { type SandboxPlace, talkingTo } from './kernel-parts.js';
import { withoutSockets } from './without-sockets.js';

const nowhere: SandboxPlace = { apiBase: 'http://127.0.0.1:9', publicUrl: 'http://127.0.0.1:9' };

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  bytes: Buffer;
  /** Parsed when it is JSON, else undefined. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  json: any;
}

/** A logged-in administrator of one company. */
export interface TestAccount {
  tenantId: TenantId;
  memberId: MemberId;
  adminRoleId: RoleId;
  token: string;
  call(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  upload(url: string, name: string, content: Buffer): Promise<Answer>;
}

/** The whole application as it is served, not yet listening; flows run only when a test makes them. */
export class WholeApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly kernel: Awaited<ReturnType<typeof testKernel>>,
  ) {}

  /** Without a sandbox no chat platform can be reached. `outbound` stands for every other system outside. */
  static async start(
    options: {
      start?: string;
      sandbox?: SandboxPlace;
      outbound?: OutboundHttp;
      /** In the place of those of one process; what they need closed the caller closes. */
      redis?: Pick<KernelParts, 'bus' | 'rateLimiter'>;
      /** `all`: the loops run by themselves. */
      role?: 'api' | 'all';
    } = {},
  ): Promise<WholeApp> {
    const kernel = await testKernel(options.start);
    // No loop may run behind a test's back, unless it asks for that.
    const config = { ...kernel.config, role: options.role ?? 'api' };
    const parts = { ...kernel, ...options.redis, ...talkingTo(options.sandbox ?? nowhere, config) };
    if (options.outbound) parts.outbound = withoutSockets(options.outbound);
    return new WholeApp(await createApp(parts), parts);
  }

  get<T>(type: new (...args: never[]) => T): T {
    return this.app.get(type as never, { strict: false });
  }

  async call(
    method: string,
    url: string,
    options: { body?: unknown; payload?: Buffer; headers?: Record<string, string>; from?: string } = {},
  ): Promise<Answer> {
    const answer = await this.app.inject({
      method: method as 'GET',
      url,
      headers: options.headers ?? {},
      ...(options.from ? { remoteAddress: options.from } : {}),
      ...(options.payload ? { payload: options.payload } : {}),
      ...(options.body === undefined ? {} : { payload: options.body as object }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      bytes: answer.rawPayload,
      json: /json/.test(String(answer.headers['content-type'])) ? JSON.parse(answer.body) : undefined,
    };
  }

  /** A company with one administrator, logged in. */
  async company(key: string, name = key): Promise<TestAccount> {
    const org = this.get(OrgService);
    const { tenantId, adminRoleId } = await org.createTenant({ key, name });
    const memberId = await org.createMember(
      { tenantId },
      { name: `${name}管理员`, account: 'admin', roleIds: [adminRoleId] },
    );
    return { adminRoleId, ...(await this.account(tenantId, memberId)) };
  }

  /** A session of a member. */
  async account(tenantId: TenantId, memberId: MemberId): Promise<Omit<TestAccount, 'adminRoleId'>> {
    const token = await this.get(SessionService).create(
      { tenantId },
      { memberId, channel: 'password', personKey: null, door: 'console', address: '127.0.0.1', userAgent: 'test' },
    );
    const authorization = { authorization: `Bearer ${token}` };
    return {
      tenantId,
      memberId,
      token,
      call: (method, url, body, headers = {}) =>
        this.call(method, url, { headers: { ...authorization, ...headers }, ...(body === undefined ? {} : { body }) }),
      upload: (url, name, content) => {
        const boundary = 'lianke-test-boundary';
        const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
        return this.call('POST', url, {
          payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
          headers: { ...authorization, 'content-type': `multipart/form-data; boundary=${boundary}` },
        });
      },
    };
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.kernel.bus.close();
    await this.kernel.drop();
  }
}

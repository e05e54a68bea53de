import type { CreateFormBody, FormView } from '@lianke/shared/forms/definition';
import type { AppId, MemberId, RoleId, TenantId } from '@lianke/shared/ids';
import { type FormGrant, rolePermissions } from '@lianke/shared/org/api';
import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AppsService } from '../../src/engine/apps/apps.service.js';
import type { Actor, Cause, TenantContext } from '../../src/engine/context.js';
import { EngineModule } from '../../src/engine/engine.module.js';
import { FlowsModule } from '../../src/engine/flows/flows.module.js';
import { FormsService } from '../../src/engine/forms/forms.service.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { TenantDirectory } from '../../src/engine/org/tenant-directory.js';
import { FlowInstaller, GroupChats, MemberChannels, MessageFates } from '../../src/engine/ports.js';
import type { ManualClock } from '../../src/kernel/clock/clock.js';
import { SessionResolver } from '../../src/kernel/http/session-resolver.js';
import { KernelModule, type KernelParts } from '../../src/kernel/kernel.module.js';
import { createTestDatabase } from './database.js';
import { kernelParts } from './kernel-parts.js';

/** Kernel parts on a fresh database; the clock stands still until moved. */
export async function testKernel(
  start: string | Date = '2026-03-04T02:00:00Z',
): Promise<KernelParts & { clock: ManualClock; drop(): Promise<void> }> {
  const test = await createTestDatabase();
  const parts = await kernelParts(test, test.name, start);
  return {
    ...parts,
    drop: async () => {
      await parts.database.close();
      await test.drop();
    },
  };
}

const standIns: TokenProvider[] = [
  { provide: MemberChannels, useValue: { of: async () => new Map() } },
  { provide: MessageFates, useValue: { of: async () => new Map() } },
  { provide: GroupChats, useValue: { post: async () => ({ status: 200, body: '{"errcode":86003}' }) } },
  { provide: SessionResolver, useValue: { resolve: async () => null } },
];
const noFlows: TokenProvider = {
  provide: FlowInstaller,
  useValue: { faults: async () => [], install: async () => ({ drafts: [] }) },
};

type TokenProvider = Extract<Provider, { provide: unknown }>;

@Module({})
class PortsModule {
  static with(providers: TokenProvider[]): DynamicModule {
    return { module: PortsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** Whatever hands out the application's services by class. */
export interface Services {
  get<T>(type: new (...args: never[]) => T): T;
}

/** The engine without modules, on a fresh database. */
export class TestEngine {
  constructor(
    readonly app: TestingModule,
    readonly kernel: Awaited<ReturnType<typeof testKernel>>,
  ) {}

  get<T>(type: new (...args: never[]) => T): T {
    return this.app.get(type as never, { strict: false });
  }

  /** A company with one administrator; `ctx` acts as him. */
  async tenant(key = `t${Math.floor(performance.now() * 1000)}`): Promise<TestTenant> {
    const { tenantId, adminRoleId } = await this.get(OrgService).createTenant({ key, name: key });
    const admin = await this.get(OrgService).createMember(
      { tenantId },
      { name: '管理员', account: 'admin', roleIds: [adminRoleId] },
    );
    return new TestTenant(this, tenantId, admin);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.kernel.drop();
  }
}

export class TestTenant {
  constructor(
    readonly engine: Services,
    readonly id: TenantId,
    readonly admin: MemberId,
  ) {}

  /** A context with current versions, acting as the administrator unless told. */
  ctx(actor: Actor | MemberId = this.admin, cause: Partial<Cause> = { door: 'api' }): Promise<TenantContext> {
    return this.engine
      .get(TenantDirectory)
      .context(this.id, typeof actor === 'string' ? { kind: 'member', memberId: actor } : actor, cause);
  }

  async app(name = '应用'): Promise<AppId> {
    return (await this.engine.get(AppsService).create(await this.ctx(), { name })).id;
  }

  async form(
    body: Omit<CreateFormBody, 'fields'> & {
      fields: (Partial<CreateFormBody['fields'][number]> & {
        name: string;
        type: CreateFormBody['fields'][number]['type'];
      })[];
    },
  ): Promise<FormView> {
    const fields = body.fields.map((field) => ({ config: {}, rules: {}, ...field }));
    return this.engine.get(FormsService).create(await this.ctx(), { ...body, fields } as CreateFormBody);
  }

  /** A role with grants by form id, and a member who holds only it. */
  async memberWith(
    name: string,
    forms: Record<string, Partial<FormGrant>>,
    extra: { departmentIds?: never[]; managerId?: MemberId } = {},
  ): Promise<MemberId> {
    const permissions = rolePermissions.parse({ forms });
    const roleId: RoleId = await this.engine
      .get(OrgService)
      .createRole({ tenantId: this.id }, { name: `角色 ${name}`, permissions });
    return this.engine.get(OrgService).createMember({ tenantId: this.id }, { name, roleIds: [roleId], ...extra });
  }
}

/**
 * @param modules further modules to test on top of the engine
 * @param ports what these modules need of others
 */
export async function createTestEngine(
  start?: string,
  modules: Type[] = [],
  ports: TokenProvider[] = [],
): Promise<TestEngine> {
  const kernel = await testKernel(start);
  const all = [...standIns, ...(modules.includes(FlowsModule) ? [] : [noFlows]), ...ports];
  const app = await Test.createTestingModule({
    imports: [KernelModule.with(kernel), PortsModule.with(all), EngineModule, ...modules],
  }).compile();
  return new TestEngine(app, kernel);
}

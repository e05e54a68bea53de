import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MemberId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { AppsService } from '../../engine/apps/apps.service.js';
import { PackageInstaller } from '../../engine/apps/package-installer.js';
import { builtInTemplates } from '../../engine/apps/templates.js';
import type { TenantContext } from '../../engine/context.js';
import { ImportsService } from '../../engine/imports/imports.service.js';
import { OrgService } from '../../engine/org/org.service.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { OutboundHttp } from '../../kernel/outbound/outbound-http.js';
import { writeFileAtomically } from '../../kernel/storage/write-atomically.js';
import { CONFIG, LOGGER, OUTBOUND } from '../../kernel/tokens.js';
import type { Connection } from '../chat/connection.js';
import { ConnectionRepository } from '../chat/connection.repository.js';
import { ConnectionService } from '../chat/connection.service.js';
import { OrgSyncJobs } from '../chat/org-sync-jobs.js';
import { sidebarUrl } from '../chat/sidebar/sidebar-setup.js';
import { PasswordService } from '../identity/password.service.js';
import { PersonLinks } from '../identity/person-links.js';
import { DemoDingtalkSeed } from './demo-dingtalk.js';
import { DemoPool } from './demo-pool.js';
import { DemoTargets } from './demo-targets.js';
import { type DemoCorp, SandboxClient } from './sandbox-client.js';

/** The ledger that stands for years of spreadsheets. */
export const ledgerFile = fileURLToPath(new URL('../../../assets/demo/客户台账.xlsx', import.meta.url));
const seedLock = 727_277;
/** The contact assistant's place among an enterprise's apps in the sandbox: changes of people are told there alone. */
const contactAssistant = '0';

/**
 * The first tenant of an installation, and with the sandbox the two of the demonstration: 演示企业 with the template and
 * the imported ledger, 我的企业 with the same people and nothing else. Runs once. Each step is one transaction, or can be
 * done again without harm, so that a seeding killed at any point is carried on at the next start.
 */
@Injectable()
export class DemoSeed {
  private readonly sandbox: SandboxClient;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly org: OrgService,
    private readonly people: OrgDirectory,
    private readonly passwords: PasswordService,
    private readonly links: PersonLinks,
    private readonly connections: ConnectionService,
    private readonly repository: ConnectionRepository,
    private readonly sync: OrgSyncJobs,
    private readonly dingtalk: DemoDingtalkSeed,
    private readonly apps: AppsService,
    private readonly installer: PackageInstaller,
    private readonly imports: ImportsService,
    private readonly pool: DemoPool,
    private readonly targets: DemoTargets,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(OUTBOUND) http: OutboundHttp,
  ) {
    this.sandbox = new SandboxClient(http, config.wecom.apiBase);
  }

  /**
   * Seeds a new installation; one that was stopped half-way is carried on. Call it once the server listens: the
   * sandbox verifies callbacks as it goes.
   */
  async prepare(): Promise<void> {
    await this.database.asOwner(async (client) => {
      await client.query('SELECT pg_advisory_lock($1)', [seedLock]);
      try {
        const { rows } = await client.query(`SELECT 1 FROM lianke.installation WHERE name = 'seeded'`);
        if (rows.length === 0) {
          await this.seed();
          await client.query(`INSERT INTO lianke.installation (name, value) VALUES ('seeded', now()::text)`);
        } else if (this.config.sandbox) await this.rejoin();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [seedLock]);
      }
    });
  }

  private async seed(): Promise<void> {
    const password = this.config.adminPassword ?? this.madePassword();
    if (!this.config.sandbox) {
      await this.tenant('demo', '我的企业', password, false);
    } else {
      const corps = await this.sandbox.corps();
      const made: TenantId[] = [];
      for (const corp of corps) made.push(await this.company(corp, password));
      await this.links.putTogether('demo', made);
      const demo = corps.findIndex((corp) => corp.tenant === 'demo');
      if (made[demo]) await this.fill(made[demo]);
    }
    if (!this.config.adminPassword) this.announcePassword(password);
  }

  /** The password made here: kept before it is used, so that a seeding that is carried on goes on with the same one. */
  private madePassword(): string {
    const file = this.passwordFile();
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    const password = randomBytes(9).toString('base64url');
    mkdirSync(this.config.home, { recursive: true });
    writeFileAtomically(file, `${password}\n`);
    return password;
  }

  /** 管理员 may also log in with account and password; the one made here is shown once. */
  private announcePassword(password: string): void {
    process.stdout.write(`管理员账号 admin，企业 demo，密码 ${password}（也记在 ${this.passwordFile()}）\n`);
  }

  private passwordFile(): string {
    return join(this.config.home, 'admin-password');
  }

  /** One corp of the sandbox as a tenant: its people through the platform's own contacts, its callback verified. */
  async company(corp: DemoCorp, password: string): Promise<TenantId> {
    const name = corp.tenant === 'demo' ? '演示企业' : corp.tenant === 'mine' ? '我的企业' : corp.name;
    const tenantId = await this.tenant(corp.tenant, name, password, true);
    await this.connect(tenantId, corp);
    await this.dingtalk.connect(tenantId, corp.tenant);
    return tenantId;
  }

  private async tenant(key: string, name: string, password: string, demo: boolean): Promise<TenantId> {
    const known = await this.tenants.byKey(key);
    const { tenantId, adminRoleId } = known
      ? { tenantId: known.id, adminRoleId: await this.org.completeTenant(known.id) }
      : await this.org.createTenant({ key, name, demo });
    await this.org.addDefaultRoles({ tenantId });
    const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'seed' });
    const { members } = await this.people.of(ctx);
    const admin =
      [...members.values()].find((member) => member.account === 'admin')?.id ??
      (await this.org.createMember({ tenantId }, { name: '管理员', account: 'admin', roleIds: [adminRoleId] }));
    await this.passwords.set({ tenantId }, admin, password);
    return tenantId;
  }

  private async connect(tenantId: TenantId, corp: DemoCorp): Promise<void> {
    const [app] = corp.apps;
    if (!app) return;
    const known = (await this.repository.list({ tenantId })).find((each) => each.channel === 'wecom');
    const connection = await this.connections.save(
      { tenantId },
      {
        ...(known ? { id: known.id } : {}),
        channel: 'wecom',
        name: '企业微信',
        corpId: corp.corpId,
        agentId: String(app.agentId),
        secret: app.secret,
      },
    );
    await this.introduce(connection);
    await this.sync.run(connection);
    await this.giveRole(tenantId, 'boss', ['boss', 'caiwu']);
  }

  /** The sandbox forgets when it stops: at every start it is told again where callbacks and phones find the product. */
  private async rejoin(): Promise<void> {
    for (const tenant of await this.tenants.list()) {
      if (!tenant.demo) continue;
      for (const connection of await this.repository.list({ tenantId: tenant.id })) {
        await this.introduce(connection).catch((error: unknown) =>
          this.logger.warn({ err: error }, 'the sandbox could not be told where the product is'),
        );
      }
    }
  }

  private async introduce(connection: Connection): Promise<void> {
    if (connection.channel === 'dingtalk') {
      await this.dingtalk.introduce(connection);
      this.dingtalk.proveCards(connection);
      return;
    }
    await this.sandbox.setPages(connection.corpId, connection.agentId, {
      homeUrl: `${this.config.publicUrl}/m/?connection=${connection.id}`,
      sidebarUrl: sidebarUrl(this.config.publicUrl, connection.id),
    });
    const callback = {
      url: `${this.config.publicUrl}/callbacks/wecom/${connection.id}`,
      token: connection.callbackToken,
      aesKey: connection.callbackAesKey,
    };
    await this.sandbox.setCallback(connection.corpId, connection.agentId, callback);
    await this.sandbox.setCallback(connection.corpId, contactAssistant, callback);
  }

  /** Gives members, found by their account or WeCom userid, a role beside those they have. */
  private async giveRole(tenantId: TenantId, key: string, accounts: readonly string[]): Promise<void> {
    await this.database.withTenant({ tenantId }, (tx) =>
      tx.run(
        `INSERT INTO lianke.role_member (tenant_id, role_id, member_id)
         SELECT $1, r.id, a.member_id FROM lianke.chat_account a JOIN lianke.role r ON r.key = $2 WHERE a.userid_key = ANY($3) ON CONFLICT DO NOTHING`,
        [tenantId, key, accounts],
      ),
    );
  }

  /** 演示企业: the template, then the ledger through the same import as everybody's. */
  private async fill(tenantId: TenantId): Promise<void> {
    const ctx = await this.asAdmin(tenantId);
    const installed = (await this.apps.list(ctx)).find((app) => app.key === 'crm');
    const appId = installed?.id ?? (await this.installer.install(ctx, builtInTemplates().get('crm')));
    await this.giveRole(tenantId, 'sales', ['liuyang', 'chenjing', 'zhangmin', 'wangfang', 'liwei']);
    await this.giveRole(tenantId, 'manager', ['chenzg']);
    await this.pool.set(await this.asAdmin(tenantId), appId);
    const fresh = await this.asAdmin(tenantId);
    await this.targets.set(fresh, appId);
    const begun = await this.imports.list(fresh, appId);
    if (begun.some((item) => item.state !== 'ready')) return;
    const draft =
      begun[0] ??
      (await this.imports.create(fresh, { appId }, { name: '客户台账.xlsx', content: createReadStream(ledgerFile) }));
    await this.imports.start(fresh, draft.id, {});
    this.logger.info({ tenantId }, 'the demonstration ledger is being imported');
  }

  private async asAdmin(tenantId: TenantId): Promise<TenantContext> {
    const system = await this.tenants.context(tenantId, { kind: 'system', name: 'seed' });
    const admin = (await this.people.of(system)).admins()[0] as MemberId;
    return this.tenants.context(tenantId, { kind: 'member', memberId: admin }, { door: 'import' });
  }
}

import type { Language } from '@lianke/shared/errors/issue-text';
import type { FlowSecretView, SecretKind } from '@lianke/shared/flows/outside-api';
import type { MemberId, SecretId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { SecretBox } from '../../../kernel/secrets/secret-box.js';
import { CLOCK, SECRETS } from '../../../kernel/tokens.js';
import { AccessService } from '../../access/access.service.js';
import { writeAudit } from '../../audit/write-audit.js';
import { memberOf, type TenantContext } from '../../context.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { secretsIn } from './secret-names.js';

interface SecretRow {
  id: SecretId;
  name: string;
  kind: SecretKind;
  sealed: string;
  language: Language;
  created_by: MemberId | null;
  created_at: string;
  rotated_at: string;
}

interface NewSecret extends SecretValue {
  name: string;
  kind: SecretKind;
  language?: Language;
}

/** What a secret says; `signature` is a robot's own key for signing. */
export interface SecretValue {
  value: string;
  signature?: string | undefined;
}

/** What stands before the address of a group that the company's own app has made, where a robot has its Webhook. */
export const ownGroup = 'group:';

const columns = 'id, name, kind, sealed, language, created_by, created_at, rotated_at';
const placeOf = (id: SecretId): string => `flow_secret:${id}`;

/** The company's secrets by name: made and changed by administrators, used by flows, shown to nobody. */
@Injectable()
export class SecretsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    @Inject(SECRETS) private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Names and uses; whoever designs flows may choose among them, of flows that he may design. */
  async list(ctx: TenantContext): Promise<FlowSecretView[]> {
    await this.access.requireSomeDesign(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<SecretRow>(`SELECT ${columns} FROM lianke.flow_secret ORDER BY kind DESC, name`),
    );
    return this.present(ctx, rows);
  }

  async create(ctx: TenantContext, input: NewSecret): Promise<FlowSecretView> {
    await this.access.require(ctx, 'admin');
    if (input.kind === 'robot') checkRobot(input.value);
    return this.insert(ctx, input);
  }

  private async insert(ctx: TenantContext, input: NewSecret): Promise<FlowSecretView> {
    const id = uuid7() as SecretId;
    const now = this.clock.now();
    await this.database.withTenant(ctx, async (tx) => {
      const made = await tx.run(
        `INSERT INTO lianke.flow_secret (tenant_id, id, name, kind, sealed, created_by, created_at, rotated_at, language)
         VALUES ($1,$2,$3,$4,$5,$6,$7,$7,$8) ON CONFLICT (tenant_id, name) DO NOTHING`,
        [ctx.tenantId, id, input.name, input.kind, this.seal(id, input), memberOf(ctx), now, input.language ?? 'zh'],
      );
      if (made === 0) throw new AppError('already_exists', { name: input.name });
      await writeAudit(tx, ctx, {
        action: 'secret.create',
        object: id,
        detail: { name: input.name, kind: input.kind },
      });
    });
    return this.one(ctx, id);
  }

  /** A group of the company's own app, named like a robot. `address` is `GroupChats`' own. */
  async addGroup(
    ctx: TenantContext,
    { name, language, address }: { name: string; language: Language; address: string },
  ): Promise<FlowSecretView> {
    return this.insert(ctx, { name, kind: 'robot', language, value: `${ownGroup}${address}` });
  }

  /** The address under which {@link addGroup} named a group; `not_found` for everything else. */
  async groupAddress(ctx: TenantContext, id: SecretId): Promise<{ name: string; address: string }> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<SecretRow>(`SELECT ${columns} FROM lianke.flow_secret WHERE id = $1 AND kind = 'robot'`, [id]),
    );
    const value = row ? this.open(row).value : '';
    if (!row || !value.startsWith(ownGroup)) throw new AppError('not_found');
    return { name: row.name, address: value.slice(ownGroup.length) };
  }

  /** Whether a name is free, before anything is made for it. */
  async requireFree(ctx: TenantContext, name: string): Promise<void> {
    const taken = await this.database.withTenant(ctx, (tx) =>
      tx.sql('SELECT 1 FROM lianke.flow_secret WHERE name = $1', [name]),
    );
    if (taken.length > 0) throw new AppError('already_exists', { name });
  }

  /** The same name says something new from now on; flows need no change. */
  async rotate(ctx: TenantContext, id: SecretId, value: SecretValue): Promise<FlowSecretView> {
    await this.access.require(ctx, 'admin');
    await this.database.withTenant(ctx, async (tx) => {
      const row = await this.row(tx, id);
      if (row.kind === 'robot') checkRobot(value.value);
      await tx.run('UPDATE lianke.flow_secret SET sealed = $2, rotated_at = $3 WHERE id = $1', [
        id,
        this.seal(id, value),
        this.clock.now(),
      ]);
      await writeAudit(tx, ctx, { action: 'secret.rotate', object: id, detail: { name: row.name } });
    });
    return this.one(ctx, id);
  }

  /** What is sent to a robot's group is written in this language from now on. */
  async setLanguage(ctx: TenantContext, id: SecretId, language: Language): Promise<FlowSecretView> {
    await this.access.require(ctx, 'admin');
    await this.database.withTenant(ctx, async (tx) => {
      const { name, kind, language: before } = await this.row(tx, id);
      if (kind !== 'robot')
        throw refusal('invalid_request', {
          zh: '密钥没有语言，只有群机器人有',
          en: 'a secret has no language; only group robots have one',
        });
      if (language === before) return;
      await tx.run('UPDATE lianke.flow_secret SET language = $2 WHERE id = $1', [id, language]);
      await writeAudit(tx, ctx, { action: 'secret.language', object: id, detail: { name, language } });
    });
    return this.one(ctx, id);
  }

  /** The language in which a robot's group is written to; Chinese for one that is gone. */
  async languageOf(tx: Tx, ctx: Pick<TenantContext, 'tenantId'>, name: string): Promise<Language> {
    const [row] = await tx.sql<Pick<SecretRow, 'language'>>(
      'SELECT language FROM lianke.flow_secret WHERE tenant_id = $1 AND name = $2',
      [ctx.tenantId, name],
    );
    return row?.language ?? 'zh';
  }

  /** Refused while a flow names it. */
  async remove(ctx: TenantContext, id: SecretId): Promise<void> {
    await this.access.require(ctx, 'admin');
    await this.database.withTenant(ctx, async (tx) => {
      const row = await this.row(tx, id);
      const uses = (await this.uses(tx)).filter((flow) => flow.names.has(row.name));
      if (uses.length > 0)
        throw refusal('in_use', {
          zh: uses.map((flow) => `流程“${flow.name}”`).join('、'),
          en: uses.map((flow) => `flow "${flow.name}"`).join(', '),
        });
      await tx.run('DELETE FROM lianke.flow_secret WHERE id = $1', [id]);
      await writeAudit(tx, ctx, { action: 'secret.delete', object: id, detail: { name: row.name } });
    });
  }

  /** What is there, by name, for checking definitions. */
  async kinds(tx: Tx): Promise<ReadonlyMap<string, SecretKind>> {
    const rows = await tx.sql<{ name: string; kind: SecretKind }>('SELECT name, kind FROM lianke.flow_secret');
    return new Map(rows.map((row) => [row.name, row.kind]));
  }

  /** What the named secrets say, for sending a request now. Names that are not there are missing from the answer. */
  async values(ctx: TenantContext, names: Iterable<string>): Promise<ReadonlyMap<string, SecretValue>> {
    const wanted = [...new Set(names)];
    if (wanted.length === 0) return new Map();
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<SecretRow>(`SELECT ${columns} FROM lianke.flow_secret WHERE name = ANY($1)`, [wanted]),
    );
    return new Map(rows.map((row) => [row.name, this.open(row)]));
  }

  private open(row: Pick<SecretRow, 'id' | 'sealed'>): SecretValue {
    return JSON.parse(this.box.decrypt(row.sealed, placeOf(row.id))) as SecretValue;
  }

  private seal(id: SecretId, { value, signature }: SecretValue): string {
    return this.box.encrypt(JSON.stringify(signature ? { value, signature } : { value }), placeOf(id));
  }

  private async row(tx: Tx, id: SecretId): Promise<SecretRow> {
    const [row] = await tx.sql<SecretRow>(`SELECT ${columns} FROM lianke.flow_secret WHERE id = $1 FOR UPDATE`, [id]);
    if (!row) throw new AppError('not_found');
    return row;
  }

  private async one(ctx: TenantContext, id: SecretId): Promise<FlowSecretView> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<SecretRow>(`SELECT ${columns} FROM lianke.flow_secret WHERE id = $1`, [id]),
    );
    const [view] = await this.present(ctx, rows);
    if (!view) throw new AppError('not_found');
    return view;
  }

  private async uses(tx: Tx) {
    const rows = await tx.sql<{ id: string; app_id: string; name: string; draft: unknown; published: unknown }>(
      `SELECT f.id, f.app_id, f.name, f.draft, v.definition AS published FROM lianke.flow f
       LEFT JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version
       ORDER BY f.name, f.id`,
    );
    return rows.map((row) => ({
      id: row.id,
      appId: row.app_id,
      name: row.name,
      names: new Set([...secretsIn(row.draft), ...secretsIn(row.published)]),
    }));
  }

  private async present(ctx: TenantContext, rows: readonly SecretRow[]): Promise<FlowSecretView[]> {
    const [org, { designs }] = await Promise.all([this.org.of(ctx), this.access.designer(ctx)]);
    const flows = await this.database.withTenant(ctx, (tx) => this.uses(tx));
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      kind: row.kind,
      ownGroup: row.kind === 'robot' && this.open(row).value.startsWith(ownGroup),
      language: row.language,
      createdAt: row.created_at,
      rotatedAt: row.rotated_at,
      by: row.created_by && org.nameOf(row.created_by),
      uses: flows
        .filter((flow) => flow.names.has(row.name) && designs(flow.appId))
        .map(({ id, appId, name }) => ({ id, appId, name })),
    }));
  }
}

/** Addresses of group robots, as both platforms give them out. */
function checkRobot(value: string): void {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const wecom = url?.pathname.endsWith('/webhook/send') && url.searchParams.get('key');
  const dingtalk = url?.pathname.endsWith('/robot/send') && url.searchParams.get('access_token');
  if (!wecom && !dingtalk)
    throw refusal('invalid_request', {
      zh: '机器人地址不完整：请在群的机器人设置里复制整个 Webhook 地址，以 https:// 开头',
      en: 'the address of the robot is incomplete: copy the whole webhook address, which begins with https://, from the settings of the robot in its group',
    });
}

import type { SidebarSettings, SidebarSetup } from '@lianke/shared/chat/sidebar';
import type { ConnectionId } from '@lianke/shared/ids';
import { writeAudit } from '../../../engine/audit/write-audit.js';
import { languageIn, type TenantContext } from '../../../engine/context.js';
import type { FieldMeta, FormMeta } from '../../../engine/forms/form-meta.js';
import type { Database } from '../../../kernel/database/database.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import { PlatformError } from '../port/platform-error.js';
import type { ChatPlatforms } from '../port/platforms.js';
import { say } from '../texts.js';
import type { SidebarFormFinder } from './sidebar-forms.js';

/** 客户联系与侧边栏 of a connection's check-list. */
export class SidebarSetupService {
  constructor(
    private readonly parts: {
      database: Database;
      connections: ConnectionRepository;
      platforms: ChatPlatforms;
      finder: SidebarFormFinder;
      publicUrl: string;
    },
  ) {}

  async get(ctx: TenantContext, id: ConnectionId): Promise<SidebarSetup> {
    return this.view(ctx, await this.require(ctx, id));
  }

  async save(ctx: TenantContext, id: ConnectionId, settings: SidebarSettings): Promise<SidebarSetup> {
    const connection = await this.require(ctx, id);
    await this.refuseUnknown(ctx, settings);
    const { connections, database } = this.parts;
    const changed: Connection = { ...connection, settings: { ...connection.settings, sidebar: settings } };
    await database.withTenant(ctx, async (tx) => {
      await connections.update(tx, changed);
      await writeAudit(tx, ctx, { action: 'sidebar.setup', object: id, detail: { ...settings } });
    });
    return this.view(ctx, changed);
  }

  /** Asks the platform whether the app may read customers. */
  async check(ctx: TenantContext, id: ConnectionId): Promise<SidebarSetup> {
    const connection = await this.require(ctx, id);
    const { externals } = this.parts.platforms.of(connection);
    const seen: { externalOk: boolean; externalMessage: string | null } = { externalOk: true, externalMessage: null };
    try {
      await externals?.check(connection);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      Object.assign(seen, { externalOk: false, externalMessage: error.reason() });
    }
    await this.parts.database.withTenant(ctx, (tx) => this.parts.connections.note(tx, id, seen));
    return this.get(ctx, id);
  }

  /** The page beside a chat; the connection in it says which company's. */
  pageUrl(connection: Pick<Connection, 'id'>): string {
    return sidebarUrl(this.parts.publicUrl, connection.id);
  }

  private async require(ctx: TenantContext, id: ConnectionId): Promise<Connection> {
    const connection = await this.parts.connections.ofTenant(ctx, id);
    if (!connection || !this.parts.platforms.of(connection).externals) throw new AppError('not_found');
    return connection;
  }

  /** Ids of another company's forms are refused as those of no form are. */
  private async refuseUnknown(
    ctx: TenantContext,
    { formId, tagField, followUpFormId }: SidebarSettings,
  ): Promise<void> {
    if (formId === undefined && tagField === undefined && followUpFormId === undefined) return;
    const choice = (await this.parts.finder.choices(ctx)).find(({ form }) => form.id === formId);
    if (!choice) throw refusal('invalid_request', { zh: '没有这张表单', en: 'There is no such form' });
    if (tagField !== undefined && !choice.tagFields.some((field) => field.key === tagField))
      throw refusal('invalid_request', {
        zh: '客户表单没有这个标签字段',
        en: 'The form of customers has no such tag field',
      });
    if (followUpFormId !== undefined && !choice.followUps.some((form) => form.id === followUpFormId))
      throw refusal('invalid_request', {
        zh: '跟进表单没有关联到客户表单',
        en: 'The follow-up form does not relate to that of customers',
      });
  }

  private async view(ctx: TenantContext, connection: Connection): Promise<SidebarSetup> {
    const { finder } = this.parts;
    const settings = connection.settings.sidebar ?? {};
    const [found, choices] = await Promise.all([finder.find(ctx, settings), finder.choices(ctx)]);
    const { externalOk, externalMessage, sidebarOpenedAt } = connection.state;
    return {
      url: this.pageUrl(connection),
      ok: externalOk ?? null,
      message:
        externalOk === undefined
          ? say('externalNone', {}, languageIn(ctx))
          : externalOk
            ? say('externalOk', {}, languageIn(ctx))
            : say('externalBad', { reason: externalMessage ?? '' }, languageIn(ctx)),
      openedAt: sidebarOpenedAt ?? null,
      settings,
      form: found && formRef(found.customers),
      tagField: found?.tagField ? fieldRef(found.tagField) : null,
      followUp: found?.followUp ? formRef(found.followUp.form) : null,
      forms: choices.map(({ form, tagFields, followUps }) => ({
        ...formRef(form),
        tagFields: tagFields.map(fieldRef),
        followUps: followUps.map(formRef),
      })),
    };
  }
}

const formRef = ({ id, name }: FormMeta) => ({ id, name });
const fieldRef = ({ key, name }: FieldMeta) => ({ key, name });

/** Address of the side bar's page, as an administrator enters it at the platform. */
export function sidebarUrl(publicUrl: string, connectionId: string): string {
  return `${publicUrl}/m/?connection=${connectionId}#/pages/sidebar/index`;
}

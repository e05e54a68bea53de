import type { ExternalContactView, SidebarView } from '@lianke/shared/chat/sidebar';
import { normalizePhone } from '@lianke/shared/fields/phone/value';
import type { ConnectionId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { AccessService } from '../../../engine/access/access.service.js';
import { writeAudit } from '../../../engine/audit/write-audit.js';
import { memberOf, type TenantContext } from '../../../engine/context.js';
import type { FieldMeta, FormMeta } from '../../../engine/forms/form-meta.js';
import type { RecordReader } from '../../../engine/records/record-reader.js';
import type { Database } from '../../../kernel/database/database.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import type { RateLimiter } from '../../../kernel/redis/rate-limiter.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import type { ExternalContact } from '../port/platform.js';
import { channelFailed, PlatformError } from '../port/platform-error.js';
import type { ChatPlatforms } from '../port/platforms.js';
import type { CustomerMatch } from './customer-match.js';
import type { ExternalLinks } from './external-links.js';
import { phoneFields, type SidebarFormFinder, type SidebarForms } from './sidebar-forms.js';

/** Enough for whoever goes from chat to chat; the platform's own limits are far above. */
const opens = { limit: 60, windowMs: 60_000 };

export interface SidebarParts {
  database: Database;
  connections: ConnectionRepository;
  platforms: ChatPlatforms;
  access: AccessService;
  reader: RecordReader;
  finder: SidebarFormFinder;
  match: CustomerMatch;
  links: ExternalLinks;
  limiter: RateLimiter;
}

interface Place {
  connectionId: ConnectionId;
  externalUserid: string;
}

interface Beside {
  ctx: TenantContext;
  me: MemberId;
  connection: Connection;
  externalUserid: string;
  contact: ExternalContact;
  /** What the reader himself noted. */
  own: ExternalContact['followers'][number];
}

/** The customer beside a chat: who he is, which record he belongs to, and who may know. */
export class SidebarService {
  constructor(private readonly parts: SidebarParts) {}

  async open(ctx: TenantContext, place: Place): Promise<SidebarView> {
    return this.view(await this.beside(ctx, place));
  }

  /** Says which customer it is. Whoever may not see the one that is named already cannot name another. */
  async link(ctx: TenantContext, { recordId, ...place }: Place & { recordId: RecordId }): Promise<SidebarView> {
    const beside = await this.beside(ctx, place);
    const forms = await this.forms(beside);
    if (!forms)
      throw refusal('wrong_state', {
        zh: '还没有指定哪张表单是客户',
        en: 'It has not been said which form holds the customers',
      });
    const { customers } = forms;
    await this.parts.reader.get(ctx, customers.id, recordId);
    await this.refuseHidden(beside, customers);
    const { connection, externalUserid, me } = beside;
    await this.parts.database.withTenant(ctx, async (tx) => {
      await this.parts.links.put(tx, ctx, { connection, externalUserid }, { formId: customers.id, recordId, by: me });
      await writeAudit(tx, ctx, { action: 'customer.link', object: recordId, detail: { contact: externalUserid } });
    });
    return this.view(beside);
  }

  async unlink(ctx: TenantContext, place: Place): Promise<SidebarView> {
    const beside = await this.beside(ctx, place);
    const forms = await this.forms(beside);
    if (forms) await this.refuseHidden(beside, forms.customers);
    const { connection, externalUserid } = beside;
    await this.parts.database.withTenant(ctx, async (tx) => {
      await this.parts.links.remove(tx, connection, externalUserid);
      await writeAudit(tx, ctx, { action: 'customer.unlink', object: null, detail: { contact: externalUserid } });
    });
    return this.view(beside);
  }

  /** The contact as the platform knows him now, but only to those of the company's people whom he has as a contact. */
  private async beside(ctx: TenantContext, { connectionId, externalUserid }: Place): Promise<Beside> {
    const me = memberOf(ctx);
    if (me === null || ctx.previewedBy) throw refusal('forbidden', { zh: '打开侧边栏', en: 'open the sidebar' });
    const rate = await this.parts.limiter.take(`sidebar:${ctx.tenantId}:${me}`, opens);
    if (!rate.allowed) throw new AppError('too_many_requests', { seconds: Math.ceil(rate.retryAfterMs / 1000) });
    const connection = await this.parts.connections.ofTenant(ctx, connectionId);
    const platform = connection && this.parts.platforms.of(connection);
    if (!connection || !platform?.externals) throw new AppError('not_found');
    const mine = await this.useridsOf(ctx, connection, me);
    const contact = mine.size > 0 ? await this.read(connection, externalUserid) : null;
    const own = contact?.followers.find((each) => mine.has(platform.userKey(each.userid)));
    if (!contact || !own) throw new AppError('not_found');
    return { ctx, me, connection, externalUserid, contact, own };
  }

  private async useridsOf(ctx: TenantContext, connection: Connection, me: MemberId): Promise<Set<string>> {
    const rows = await this.parts.database.withTenant(ctx, (tx) =>
      tx.sql<{ userid_key: string }>(
        'SELECT userid_key FROM lianke.chat_account WHERE connection_id = $1 AND member_id = $2',
        [connection.id, me],
      ),
    );
    return new Set(rows.map((row) => row.userid_key));
  }

  private async read(connection: Connection, externalUserid: string): Promise<ExternalContact | null> {
    const { externals, name } = this.parts.platforms.of(connection);
    try {
      const found = await externals?.read(connection, externalUserid);
      await this.note(connection, { externalOk: true, sidebarOpenedAt: new Date().toISOString() });
      return found ?? null;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.kind === 'config') await this.note(connection, { externalOk: false, externalMessage: error.reason() });
      throw channelFailed(name, error.words());
    }
  }

  /** For the check-list; written once, and again only when something changed. */
  private async note(connection: Connection, seen: Partial<Connection['state']>): Promise<void> {
    const { externalOk, externalMessage, sidebarOpenedAt } = connection.state;
    const same = seen.externalOk === externalOk && (seen.externalOk || seen.externalMessage === externalMessage);
    if (same && (!seen.sidebarOpenedAt || sidebarOpenedAt)) return;
    await this.parts.database.withTenant(connection, (tx) =>
      this.parts.connections.note(tx, connection.id, seen.externalOk ? { ...seen, externalMessage: null } : seen),
    );
  }

  private forms({ ctx, connection }: Beside): Promise<SidebarForms | null> {
    return this.parts.finder.find(ctx, connection.settings.sidebar);
  }

  private async refuseHidden(beside: Beside, customers: FormMeta): Promise<void> {
    if ((await this.customer(beside, customers)).state === 'hidden')
      throw refusal('forbidden', { zh: '改动这位联系人对应的客户', en: 'change the customer of this contact' });
  }

  private async customer(beside: Beside, customers: FormMeta): Promise<SidebarView['customer']> {
    const { ctx, connection, externalUserid } = beside;
    const link = await this.parts.database.withTenant(ctx, (tx) => this.parts.links.of(tx, connection, externalUserid));
    if (link?.formId !== customers.id) return { state: 'none', suggestions: [] };
    const [seen] = await this.parts.reader.getMany(ctx, customers.id, [link.recordId]);
    if (seen) return { state: 'linked', id: link.recordId, label: seen.label };
    // A customer that was deleted is none; one that is there and not for this reader stays somebody's.
    const [stored] = await this.parts.database.withTenant(ctx, (tx) =>
      this.parts.reader.stored(tx, ctx, customers.id, [link.recordId]),
    );
    return stored ? { state: 'hidden' } : { state: 'none', suggestions: [] };
  }

  private async view(beside: Beside): Promise<SidebarView> {
    const { ctx, contact, own } = beside;
    const forms = await this.forms(beside);
    const access = forms && (await this.parts.access.ofForm(ctx, forms.customers));
    const known = {
      name: contact.name,
      company: contact.company ?? own.company,
      mobiles: own.mobiles.flatMap((mobile) => normalizePhone(mobile) ?? []),
    };
    const nothing = {
      contact: contactView(contact, own),
      preset: {},
      tagField: null,
      followUpFormId: null,
      person: null,
    };
    if (!forms || !access?.may('view'))
      return { ...nothing, customer: { state: 'none', suggestions: [] }, formId: null, mayCreate: false };
    const { customers, tagField, followUp, people } = forms;
    const customer = await this.customer(beside, customers);
    if (customer.state === 'none') customer.suggestions = await this.parts.match.suggest(ctx, forms, known);
    const writable = (field: FieldMeta | undefined | null) => !!field && access.mayWrite(field);
    const phone = phoneFields(customers).find(writable);
    const person = people && (await this.parts.access.can(ctx, people.form.id, 'create')) ? people : null;
    return {
      ...nothing,
      customer,
      formId: customers.id,
      mayCreate: access.may('create'),
      preset: valuesFor(customers, known.company ?? known.name, phone, known.mobiles),
      tagField: tagField && access.mayRead(tagField) ? tagField.key : null,
      followUpFormId:
        followUp && (await this.parts.access.can(ctx, followUp.form.id, 'create')) ? followUp.form.id : null,
      person: person && {
        formId: person.form.id,
        relation: person.field.key,
        preset: valuesFor(person.form, known.name, phoneFields(person.form)[0], known.mobiles),
      },
    };
  }
}

function contactView(contact: ExternalContact, own: Beside['own']): ExternalContactView {
  return {
    name: contact.name,
    company: contact.company ?? own.company,
    position: contact.position,
    kind: contact.kind,
    remark: own.remark,
    mobiles: [...own.mobiles],
    tags: [...own.tags],
  };
}

/** A name and numbers as the values of a new record. */
function valuesFor(
  form: FormMeta,
  name: string,
  phone: FieldMeta | undefined,
  mobiles: readonly string[],
): Record<string, Json> {
  return {
    ...(form.title && form.title.typeName === 'text' && name ? { [form.title.key]: name } : {}),
    ...(phone && mobiles.length > 0 ? { [phone.key]: [...mobiles] } : {}),
  };
}

import type { AppId, FormId, RecordId } from '@lianke/shared/ids';
import type { RecordLink } from '@lianke/shared/records/shortcuts';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { refusal } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from '../records/record-reader.js';

interface Ref {
  form_id: FormId;
  record_id: RecordId;
}
type Shelf = 'favourite' | 'recent';

const keptRecents = 30;
const mostFavourites = 200;
/** Forms searched at the same time: one request must not take every connection. */
const atOnce = 3;

/** How a member gets to records quickly: favourites, what was opened lately, and search over all forms. */
@Injectable()
export class ShortcutsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
  ) {}

  /** The member's records on a shelf, the youngest first; those he may no longer see are left out. */
  async list(ctx: TenantContext, shelf: Shelf): Promise<RecordLink[]> {
    const refs = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Ref>(
        shelf === 'favourite'
          ? `SELECT form_id, record_id FROM lianke.favourite WHERE member_id = $1 ORDER BY created_at DESC LIMIT ${mostFavourites}`
          : `SELECT form_id, record_id FROM lianke.recent WHERE member_id = $1 ORDER BY opened_at DESC LIMIT ${keptRecents}`,
        [memberOf(ctx)],
      ),
    );
    const links = new Map<string, RecordLink>();
    for (const [formId, group] of groupBy(refs, (ref) => ref.form_id)) {
      const form = (await this.registry.all(ctx)).get(formId);
      if (!form || !(await this.access.can(ctx, formId, 'view'))) continue;
      const found = await this.reader.getMany(
        ctx,
        formId,
        group.map((ref) => ref.record_id),
      );
      for (const record of found) links.set(record.id, linkTo(form, record));
    }
    return refs.flatMap((ref) => links.get(ref.record_id) ?? []);
  }

  /** Puts a record the member may see on a shelf, to the front. */
  async add(ctx: TenantContext, shelf: Shelf, formId: FormId, recordId: RecordId): Promise<void> {
    await this.reader.get(ctx, formId, recordId);
    const values = [ctx.tenantId, memberOf(ctx), formId, recordId];
    await this.database.withTenant(ctx, async (tx) => {
      if (shelf === 'favourite') {
        const [count] = await tx.sql<{ n: number }>(
          'SELECT count(*)::int AS n FROM lianke.favourite WHERE member_id = $1',
          [memberOf(ctx)],
        );
        if ((count?.n ?? 0) >= mostFavourites)
          throw refusal('wrong_state', {
            zh: `最多收藏 ${mostFavourites} 条，请先取消一些`,
            en: `at most ${mostFavourites} favourites; remove some first`,
          });
        await tx.run(
          'INSERT INTO lianke.favourite (tenant_id, member_id, form_id, record_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
          values,
        );
        return;
      }
      await tx.run(
        `INSERT INTO lianke.recent (tenant_id, member_id, form_id, record_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, member_id, record_id) DO UPDATE SET opened_at = clock_timestamp()`,
        values,
      );
      await tx.run(
        `DELETE FROM lianke.recent WHERE member_id = $1 AND record_id NOT IN
         (SELECT record_id FROM lianke.recent WHERE member_id = $1 ORDER BY opened_at DESC LIMIT ${keptRecents})`,
        [memberOf(ctx)],
      );
    });
  }

  /** Takes a record off the favourites; one that is not there is no error. */
  async remove(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<void> {
    await this.database.withTenant(ctx, (tx) =>
      tx.run('DELETE FROM lianke.favourite WHERE member_id = $1 AND form_id = $2 AND record_id = $3', [
        memberOf(ctx),
        formId,
        recordId,
      ]),
    );
  }

  /** Records of every form the member may see (of one app if given) whose searchable fields hold the text. */
  async search(ctx: TenantContext, text: string, perForm: number, appId?: AppId): Promise<RecordLink[]> {
    const forms: FormMeta[] = [];
    for (const form of await this.registry.forms(ctx))
      if ((!appId || form.appId === appId) && (await this.access.can(ctx, form.id, 'view'))) forms.push(form);
    const hits: RecordLink[][] = forms.map(() => []);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < forms.length; at = next++) {
        const form = forms[at];
        if (!form) continue;
        const page = await this.reader.query(ctx, form.id, { search: text, limit: perForm, total: false, fields: [] });
        hits[at] = page.items.map((record) => linkTo(form, record));
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, forms.length) }, work));
    return hits.flat();
  }
}

function linkTo(form: FormMeta, record: { id: string; label: string }): RecordLink {
  return { appId: form.appId, formId: form.id, formName: form.name, id: record.id, label: record.label };
}

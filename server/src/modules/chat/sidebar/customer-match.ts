import type { MatchReason } from '@lianke/shared/chat/sidebar';
import { normalizePhone } from '@lianke/shared/fields/phone/value';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../../../engine/access/access.service.js';
import type { TenantContext } from '../../../engine/context.js';
import { companyKey } from '../../../engine/duplicates/company-key.js';
import type { FieldMeta, FormMeta } from '../../../engine/forms/form-meta.js';
import { RecordReader } from '../../../engine/records/record-reader.js';
import { type Pointing, phoneFields, type SidebarForms } from './sidebar-forms.js';

const shown = 5;
/** One character matches everything. */
const shortest = 2;

/** Who the external contact is, as far as it helps to find his customer. */
export interface Known {
  name: string;
  /** Other names: the reader's own remark. */
  company: string | null;
  mobiles: readonly string[];
}

export interface Suggestion {
  id: RecordId;
  label: string;
  why: MatchReason;
}

/**
 * Customers that an external contact may belong to: by phone, by the phone or name of one of their people, by company, by
 * name. Everything is read under the reader's rights, and only by fields that he sees.
 */
@Injectable()
export class CustomerMatch {
  constructor(
    private readonly reader: RecordReader,
    private readonly access: AccessService,
  ) {}

  async suggest(ctx: TenantContext, { customers, people }: SidebarForms, known: Known): Promise<Suggestion[]> {
    const mobiles = known.mobiles.flatMap((mobile) => normalizePhone(mobile) ?? []);
    const company = known.company ? companyKey(known.company) : '';
    const ways: (() => Promise<Suggestion[]>)[] = [
      async () => this.labelled(await this.byPhone(ctx, customers, mobiles), 'phone'),
      () => this.throughPeople(ctx, customers, people, { mobiles, name: known.name }),
      async () => this.labelled(await this.byTitle(ctx, customers, company), 'company'),
      async () => this.labelled(await this.byTitle(ctx, customers, known.name), 'name'),
    ];
    const found = new Map<RecordId, Suggestion>();
    for (const way of ways) {
      if (found.size >= shown) break;
      for (const suggestion of await way()) if (!found.has(suggestion.id)) found.set(suggestion.id, suggestion);
    }
    return [...found.values()].slice(0, shown);
  }

  private labelled(records: readonly RecordView[], why: MatchReason): Suggestion[] {
    return records.map((record) => ({ id: record.id as RecordId, label: record.label, why }));
  }

  private async byPhone(ctx: TenantContext, form: FormMeta, mobiles: readonly string[]): Promise<RecordView[]> {
    if (mobiles.length === 0) return [];
    const fields = await this.seen(ctx, form, phoneFields(form));
    return this.read(
      ctx,
      form,
      fields.map((field) => ({ field: field.key, op: 'hasAny', value: [...mobiles] })),
    );
  }

  private async byTitle(ctx: TenantContext, form: FormMeta, text: string): Promise<RecordView[]> {
    if (text.length < shortest || !form.title) return [];
    const fields = await this.seen(ctx, form, [form.title]);
    return this.read(
      ctx,
      form,
      fields.map((field) => ({ field: field.key, op: 'contains', value: text })),
    );
  }

  /** Customers of whom one of the people has his number, or his very name. */
  private async throughPeople(
    ctx: TenantContext,
    customers: FormMeta,
    people: Pointing | null,
    { mobiles, name }: { mobiles: readonly string[]; name: string },
  ): Promise<Suggestion[]> {
    if (!people || !(await this.access.can(ctx, people.form.id, 'view'))) return [];
    const { form, field } = people;
    const title = form.title ? [form.title] : [];
    const numbers = mobiles.length > 0 ? await this.seen(ctx, form, phoneFields(form)) : [];
    const names = name.length >= shortest ? await this.seen(ctx, form, title) : [];
    const persons = await this.read(
      ctx,
      form,
      [
        ...numbers.map((each): Filter => ({ field: each.key, op: 'hasAny', value: [...mobiles] })),
        ...names.map((each): Filter => ({ field: each.key, op: 'eq', value: name })),
      ],
      [field.key],
    );
    const ids = persons.flatMap((person) => idOf(person.values[field.key]));
    if (ids.length === 0) return [];
    const records = await this.reader.getMany(ctx, customers.id, [...new Set(ids)]);
    return this.labelled(records, 'contact');
  }

  /** The newest records that meet any of the conditions; none without conditions. */
  private async read(ctx: TenantContext, form: FormMeta, any: Filter[], fields: string[] = []): Promise<RecordView[]> {
    if (any.length === 0) return [];
    const page = await this.reader.query(ctx, form.id as FormId, {
      filter: { or: any },
      sort: [{ field: 'updatedAt', dir: 'desc' }],
      fields,
      limit: shown,
      total: false,
    });
    return page.items;
  }

  /** Fields whose values the reader gets as they are, in some records at least; others must tell him nothing. */
  private async seen(ctx: TenantContext, form: FormMeta, fields: readonly FieldMeta[]): Promise<FieldMeta[]> {
    const access = await this.access.ofForm(ctx, form);
    return fields.filter((field) => access.compares(field) && !field.cipher);
  }
}

function idOf(value: unknown): RecordId[] {
  const given = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  return typeof given === 'string' ? [given as RecordId] : [];
}

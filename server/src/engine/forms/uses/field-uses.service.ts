import type { FieldUse } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { placeOf } from '../field-place.js';
import type { FormMeta } from '../form-meta.js';
import { FormRegistry, type TenantForms } from '../form-registry.js';
import type { FieldName } from './mentions.js';
import { usesInForms } from './uses-in-forms.js';
import { usesInPages } from './uses-in-pages.js';

/** What a source of uses is asked: the form, and those of its fields that matter. */
export interface UseQuestion {
  ctx: TenantContext;
  form: FormMeta;
  fields: readonly FieldName[];
  forms: TenantForms;
}

/** Finds uses of fields in definitions of one kind. */
export type UseSource = (tx: Tx, question: UseQuestion) => Promise<FieldUse[]>;

/** Who uses a field: asked before it is changed, converted or removed. Modules register what they keep. */
@Injectable()
export class FieldUses {
  private readonly sources: UseSource[] = [usesInPages];

  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
  ) {}

  register(source: UseSource): void {
    this.sources.push(source);
  }

  /** Every use of the fields (ids or keys) outside of themselves, by kind; unknown fields have none. */
  async of(ctx: TenantContext, formId: FormId, refs: readonly string[]): Promise<FieldUse[]> {
    const form = await this.registry.form(ctx, formId);
    await this.access.requireDesign(ctx, form.appId);
    const forms = await this.registry.all(ctx);
    const fields = refs
      .flatMap((ref) => placeOf(form, ref) ?? [])
      .map(
        ({ field: { id, key }, subform }): FieldName => ({
          ...{ id, key },
          ...(subform && { within: { id: subform.id, key: subform.key } }),
        }),
      );
    if (fields.length === 0) return [];
    const question = { ctx, form, fields, forms };
    return this.database.withTenant(ctx, async (tx) => {
      const found = usesInForms(question);
      for (const source of this.sources) found.push(...(await source(tx, question)));
      return found;
    });
  }
}

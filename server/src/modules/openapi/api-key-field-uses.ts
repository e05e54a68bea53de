import type { FieldUse } from '@lianke/shared/forms/versions';
import { Inject, Injectable } from '@nestjs/common';
import { AccessService } from '../../engine/access/access.service.js';
import { partAccess } from '../../engine/access/form-access.js';
import { placeOf } from '../../engine/forms/field-place.js';
import { FieldUses, type UseQuestion } from '../../engine/forms/uses/field-uses.service.js';
import type { Clock } from '../../kernel/clock/clock.js';
import type { Tx } from '../../kernel/database/tx.js';
import { CLOCK } from '../../kernel/tokens.js';
import { type ApiKeyRow, apiKeyColumns, endOf } from './api-key-row.js';

/** Tells designers which keys may use a field: other systems read and write it by its key. */
@Injectable()
export class ApiKeyFieldUses {
  constructor(
    uses: FieldUses,
    private readonly access: AccessService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    uses.register((tx, question) => this.find(tx, question));
  }

  private async find(tx: Tx, { ctx, form, fields }: UseQuestion): Promise<FieldUse[]> {
    const rows = await tx.sql<ApiKeyRow>(
      `SELECT ${apiKeyColumns} FROM lianke.api_key WHERE revoked_at IS NULL AND (forms IS NULL OR $1 = ANY(forms)) ORDER BY name, id`,
      [form.id],
    );
    const found: FieldUse[] = [];
    for (const row of rows) {
      if (endOf(row, true, this.clock.now())) continue;
      const acting = { ...ctx, actor: { kind: 'member' as const, memberId: row.member_id }, key: row };
      const access = await this.access.ofForm(acting, form);
      if (!access.may('view') && !(row.writes && access.may('create'))) continue;
      const used = fields.filter(({ id }) => {
        const place = placeOf(form, id);
        if (!place) return false;
        if (!place.subform) return access.mayRead(place.field);
        return access.mayRead(place.subform) && partAccess(access, place.holder).mayRead(place.field);
      });
      if (used.length > 0)
        found.push({
          kind: 'apiKey',
          name: row.name,
          id: row.id,
          appId: null,
          formId: null,
          fields: used.map((field) => field.id),
        });
    }
    return found;
  }
}

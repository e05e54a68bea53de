import type { FieldUse } from '@lianke/shared/forms/versions';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned } from '../forms/uses/mentions.js';

/** Tells designers that the rules of the form's pool name a field. */
@Injectable()
export class PoolFieldUses {
  constructor(uses: FieldUses) {
    uses.register((tx, question) => find(tx, question));
  }
}

async function find(tx: Tx, { form, fields }: UseQuestion): Promise<FieldUse[]> {
  const rows = await tx.sql<{ settings: Record<string, unknown> }>(
    'SELECT settings FROM lianke.pool WHERE form_id = $1',
    [form.id],
  );
  return rows.flatMap(({ settings }): FieldUse[] => {
    const { fields: shown, dealt, contactField } = settings;
    const used = mentioned({ fields: shown, dealt, field: contactField }, fields);
    if (used.length === 0) return [];
    return [{ kind: 'setting', name: '公海规则', id: form.id, appId: form.appId, formId: form.id, fields: used }];
  });
}

import type { Words } from '@lianke/shared/errors/issue-text';
import type { FieldUse } from '@lianke/shared/forms/versions';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { languageIn } from '../context.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned } from '../forms/uses/mentions.js';

/** Tells designers that the rules of the form's pool name a field. */
@Injectable()
export class PoolFieldUses {
  constructor(uses: FieldUses) {
    uses.register((tx, question) => find(tx, question));
  }
}

const rules: Words = { zh: '公海规则', en: 'Rules of the pool' };

async function find(tx: Tx, { ctx, form, fields }: UseQuestion): Promise<FieldUse[]> {
  const rows = await tx.sql<{ settings: Record<string, unknown> }>(
    'SELECT settings FROM lianke.pool WHERE form_id = $1',
    [form.id],
  );
  return rows.flatMap(({ settings }): FieldUse[] => {
    const { fields: shown, dealt, contactField } = settings;
    const used = mentioned({ fields: shown, dealt, field: contactField }, fields);
    if (used.length === 0) return [];
    const name = rules[languageIn(ctx)];
    return [{ kind: 'setting', name, id: form.id, appId: form.appId, formId: form.id, fields: used }];
  });
}

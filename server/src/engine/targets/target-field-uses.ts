import type { Words } from '@lianke/shared/errors/issue-text';
import type { FieldUse } from '@lianke/shared/forms/versions';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { languageIn } from '../context.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned } from '../forms/uses/mentions.js';
import { type TargetRow, viewOf } from './targets.service.js';

/** Tells designers which targets are reckoned from a field. */
@Injectable()
export class TargetFieldUses {
  constructor(uses: FieldUses) {
    uses.register((tx, question) => find(tx, question));
  }
}

const kindName: Words = { zh: '目标', en: 'Target' };

async function find(tx: Tx, { ctx, form, fields }: UseQuestion): Promise<FieldUse[]> {
  const rows = await tx.sql<TargetRow>(
    'SELECT id, form_id, definition FROM lianke.target WHERE form_id = $1 ORDER BY id',
    [form.id],
  );
  return rows.flatMap((row): FieldUse[] => {
    const { name, field, filter, dateField } = viewOf(row);
    const used = mentioned({ fields: [field, dateField], filter }, fields);
    if (used.length === 0) return [];
    return [
      {
        kind: 'setting',
        name: `${kindName[languageIn(ctx)]} · ${name}`,
        id: row.id,
        appId: form.appId,
        formId: form.id,
        fields: used,
      },
    ];
  });
}

import type { Words } from '@lianke/shared/errors/issue-text';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FieldDef } from '@lianke/shared/forms/definition';
import { codeOf } from '../../../kernel/database/database.js';
import { ident, tenantName } from '../../../kernel/database/ident.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../form-meta.js';
import { mayBeInSet } from '../form-rules.js';
import { namedIn, type Repeated, repeatedIn } from '../repeated.js';
import { setIndexes, setIndexSql } from '../table-ddl.js';

/** The sets of fields that may not repeat together which this field is part of. */
export function setsWith(form: FormMeta, field: FieldMeta): FieldMeta[][] {
  return (form.settings.uniqueSets ?? [])
    .filter((set) => set.fields.includes(field.id))
    .map((set) => set.fields.flatMap((id) => form.field(id) ?? []));
}

/** Why a field that is part of such a set cannot become one of this type; undefined where it can. */
export function unfitForSet(sets: readonly FieldMeta[][], field: FieldMeta, target: FieldDef): Words | undefined {
  const [set] = sets;
  if (!set || mayBeInSet(target.type)) return undefined;
  const { label } = fieldTypes[target.type];
  return {
    zh: `“${field.name}”在不重复的组合（${namedIn(set).zh}）里，${label.zh}不能放进这样的组合，请先改规则再转换`,
    en: `"${field.name}" is part of a set that may not repeat (${namedIn(set).en}), which fields of type ${label.en} cannot be; change the rule before you convert`,
  };
}

/** Why values may not come to be the same: which set of fields, and how much of it repeats. */
export function setRepeats(fields: readonly FieldMeta[], { values, rows }: Repeated): Words {
  const names = namedIn(fields);
  return {
    zh: `${names.zh}的组合不允许重复，转换后有 ${rows} 条数据会互相重复（${values} 种组合），请先改好这些数据或取消这条规则`,
    en: `${names.en} may not repeat together, but once converted ${rows} records would repeat each other (${values} combinations); correct these records or remove the rule first`,
  };
}

/** How long the switch waits for whoever uses the table before it lets everybody through and is tried again. */
const patience = `SET LOCAL lock_timeout = '500ms'`;

/**
 * Puts the indexes of these sets on the column that the field goes over to, within the transaction of the switch: on the
 * old column they would refuse combinations that are new, on the new one before the switch those that are not yet. Sets
 * that would repeat stop the conversion, and are named.
 */
export async function moveSetIndexes(tx: Tx, after: FormMeta, field: FieldMeta): Promise<void> {
  const schema = ident(tenantName(after.tenantId));
  const moved = [...setIndexes(after)].filter(([, fields]) => fields.includes(field.id));
  if (moved.length === 0) return;
  await tx.run(patience);
  // Readers go on while indexes are built; only putting them in the old ones' place wants the table for itself.
  for (const [name, fields] of moved)
    try {
      await tx.savepoint(() => tx.run(setIndexSql(after, `${name}_new`, fields)));
    } catch (error) {
      if (codeOf(error) !== '23505') throw error;
      const set = fields.flatMap((id) => after.field(id) ?? []);
      const columns = set.map((item) => item.column);
      throw refusal('wrong_state', setRepeats(set, await repeatedIn(tx, after.table, columns)));
    }
  for (const [name] of moved) {
    await tx.run(`DROP INDEX IF EXISTS ${schema}.${ident(name)}`);
    await tx.run(`ALTER INDEX ${schema}.${ident(`${name}_new`)} RENAME TO ${ident(name)}`);
  }
}

import type { FormId } from '@lianke/shared/ids';
import { type PoolSettings, poolSettings } from '@lianke/shared/pools/api';
import type { Tx } from '../../kernel/database/tx.js';
import type { FormMeta } from '../forms/form-meta.js';

/** The rules as they are stored; those of a form that never had a pool are the defaults, switched off. */
export async function storedPool(tx: Tx, formId: FormId): Promise<PoolSettings> {
  const [row] = await tx.sql<{ settings: unknown }>('SELECT settings FROM lianke.pool WHERE form_id = $1', [formId]);
  return poolSettings.parse(row?.settings ?? {});
}

/** Rules whose fields are still there: a field that was taken off the form takes its rule along. */
export function sound(settings: PoolSettings, form: FormMeta): PoolSettings {
  const contact = settings.contactField === null ? undefined : form.field(settings.contactField);
  return contact ? settings : { ...settings, contactField: null, contactDays: null };
}

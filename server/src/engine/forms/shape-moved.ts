import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { FormMeta } from './form-meta.js';

const words = {
  zh: '表单刚刚换了新版本，请重新打开再试',
  en: 'the form has just got a new version; open it again and try once more',
};

/** The form was changed between reading its definition and writing by it. */
export class ShapeMoved extends AppError {
  constructor() {
    super('wrong_state', { detail: words.zh }, { words });
  }
}

/**
 * While a field is converted, whoever writes holds the form as he knows it until he commits: the switch to the converted
 * values waits for him, and he learns of it when it came first.
 */
export async function holdShape(tx: Tx, form: FormMeta): Promise<void> {
  const [row] = await tx.sql<{ version: number }>('SELECT version FROM lianke.form WHERE id = $1 FOR SHARE', [form.id]);
  if (row?.version !== form.version) throw new ShapeMoved();
}

import type { FormId } from '@lianke/shared/ids';
import type { Candidate } from '../plan/compiled.js';

/** What of the company's records bears on an import, read once before rows are judged. Keys are folded texts. */
export interface ExistingRecords {
  /** Records of a target's form with the identity of one of its rows. */
  same(target: string, identity: string): readonly Candidate[];
  /** Records of a form by the value of a unique field, or by their title with null, as far as the importer may see them. */
  named(formId: FormId, by: string | null, name: string): readonly Candidate[];
}

export const nothingExists: ExistingRecords = { same: () => [], named: () => [] };

/** Separates the parts of an identity of several columns. */
export const identitySeparator = '\u0001';

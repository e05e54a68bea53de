import type { Language } from '../errors/issue-names.js';

/** What a client knows as somebody is logged in. */
export interface LanguageState {
  /** His choice as the server keeps it; null while he has made none. */
  kept: Language | null;
  /** On this screen. */
  here: Language;
  /** Chosen on this device, and not told to the server yet. */
  unsent: boolean;
}

/**
 * A person's language goes with him: what he chose here last is told to the server, what he chose elsewhere is taken over.
 * `rest`: both say the same, or he never chose.
 */
export function languageStep({ kept, here, unsent }: LanguageState): 'tell' | 'take' | 'rest' {
  if (unsent) return 'tell';
  if (kept === null) return here === 'en' ? 'tell' : 'rest';
  return kept === here ? 'rest' : 'take';
}

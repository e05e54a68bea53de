import type { Language } from '@lianke/shared/errors/issue-text';
import { type Said, saidIn } from '../../kernel/errors/said.js';

/** A line below a title as tasks and copies keep it: in both languages where its value reads differently in them. */
export interface Fact {
  label: string;
  value: Said;
}

/** The lines as a reader of the language gets them. */
export function factsIn(facts: readonly Fact[], language: Language): { label: string; value: string }[] {
  return facts.map(({ label, value }) => ({ label, value: saidIn(value, language) }));
}

import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { poolCauses } from '@lianke/shared/pools/api';

/** Why a rule gives a record back: which of them, and how many days it allows. */
export interface PoolCause {
  kind: (typeof poolCauses)[number];
  days: number;
}

const sentences: Record<PoolCause['kind'], (days: number) => Words> = {
  contact: (days) => ({ zh: `超过 ${days} 天没有联系`, en: `No contact for more than ${days} days` }),
  deal: (days) => ({ zh: `超过 ${days} 天没有成交`, en: `No deal for more than ${days} days` }),
};

/** The cause as a sentence. */
export function causeWords({ kind, days }: PoolCause): Words {
  return sentences[kind](days);
}

/** What a row tells of why it came back: the rule's cause in the reader's language, or the words that somebody typed. */
export function toldCause(
  row: { reason: string; cause: PoolCause['kind'] | null; cause_days: number | null },
  language: Language,
): string {
  if (row.cause === null || row.cause_days === null) return row.reason;
  return causeWords({ kind: row.cause, days: row.cause_days })[language];
}

import type { ValueExpr, ValueRef } from '@lianke/shared/flows/values';
import type { MemberId } from '@lianke/shared/ids';
import type { Said } from '../../kernel/errors/said.js';
import type { Fact } from '../tasks/facts.js';
import type { StepContext } from './node-type.js';
import type { RunValues } from './run-values.js';

/** What a card says of the records of a run. */
export interface Told {
  title: Said;
  facts: Fact[];
}

interface Saying {
  title: ValueExpr;
  facts: readonly { label: string; ref: ValueRef }[];
}

/** Facts of a card, empty ones left out. */
export async function cardFacts(
  values: RunValues,
  facts: Saying['facts'],
): Promise<{ label: string; value: string }[]> {
  const all = await Promise.all(
    facts.map(async (fact) => ({ label: fact.label, value: await values.refText(fact.ref) })),
  );
  return all.filter((fact) => fact.value !== '');
}

function inBoth(zh: string, en: string): Said {
  return zh === en ? zh : { zh, en };
}

/**
 * What a node's card says to one member: fields that his roles hide from him are left out, masked ones have their stars.
 * Who has no right to a form at all is told what the flow's designer chose for him. Kept in both languages, because tasks go
 * from hand to hand.
 */
export async function toldTo(step: StepContext, member: MemberId, { title, facts }: Saying): Promise<Told> {
  const values = await step.valuesFor(member);
  const [chinese, english] = [values.in('zh'), values.in('en')];
  const [zh, en] = await Promise.all([cardFacts(chinese, facts), cardFacts(english, facts)]);
  return {
    title: inBoth(await chinese.text(title), await english.text(title)),
    facts: zh.map(({ label, value }, index) => ({ label, value: inBoth(value, en[index]?.value ?? value) })),
  };
}

/** The same for several, those together who are told the same. */
export async function toldApart(
  step: StepContext,
  members: readonly MemberId[],
  saying: Saying,
): Promise<{ to: MemberId[]; told: Told }[]> {
  const groups = new Map<string, { to: MemberId[]; told: Told }>();
  for (const member of members) {
    const told = await toldTo(step, member, saying);
    const key = JSON.stringify(told);
    const group = groups.get(key) ?? { to: [], told };
    group.to.push(member);
    groups.set(key, group);
  }
  return [...groups.values()];
}

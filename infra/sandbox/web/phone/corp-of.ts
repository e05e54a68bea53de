import type { PersonView, StageView } from '../../src/stage/contract.js';

/** The company of this person that was asked for, by its id at his own platform or at the other one; else his first. */
export function corpOf(
  stage: StageView,
  person: PersonView,
  corpId: string | null,
): PersonView['corps'][number] | undefined {
  const tenant = stage.people.flatMap((each) => each.corps).find((corp) => corp.corpId === corpId)?.tenant;
  return (
    person.corps.find((corp) => corp.corpId === corpId) ??
    person.corps.find((corp) => corp.tenant === tenant) ??
    person.corps[0]
  );
}

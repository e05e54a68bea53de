import { answerKey } from '@lianke/shared/flows/answers';
import { flowWorld } from '@lianke/shared/flows/formula-world';
import { type FormulaForm, type FormulaWorld, subformsOf } from '@lianke/shared/formulas/world';
import type { FormView, ReadField } from '../../api/queries.js';
import { triggerId } from './graph.js';
import type { Source } from './sources.js';
import { formOfSource, type Speaker, sourcesOf } from './words.js';

/** What conditions of a step may be about: fields of the trigger's record, and everything answered before the step. */
export function conditionForm(speaker: Speaker, nodeId: string): FormView | undefined {
  const start = formOfSource(speaker, triggerId);
  const pattern = start ?? speaker.forms[0];
  if (!pattern) return undefined;
  const loose = sourcesOf(speaker, nodeId).filter((source) => source.loose);
  const answers = loose.flatMap((source) =>
    source.form.fields.map((field): ReadField => {
      const key = answerKey(source.id, field.key);
      return { ...field, id: key as ReadField['id'], key, name: `${source.label}.${field.name}` };
    }),
  );
  return { ...pattern, fields: [...(start?.fields ?? []), ...answers] };
}

/** Everything a formula of a step may name. */
export function formulaWorldOf(speaker: Speaker, sources: readonly Source[]): FormulaWorld {
  const forms = speaker.forms.map((form): FormulaForm => ({ ...form, titleField: form.settings.titleField }));
  const loose = sources.filter((source) => source.loose);
  return flowWorld([...forms, ...forms.flatMap(subformsOf)], {
    formId: formOfSource(speaker, triggerId)?.id,
    answers: loose.flatMap((source) =>
      source.form.fields.map((field) => ({
        source: source.id,
        name: field.name,
        answer: { path: field.key, name: field.name, type: field.type },
      })),
    ),
    records: sources
      .filter((source) => !source.loose && source.id !== triggerId)
      .map((source) => ({ source: source.id, name: source.label, formId: source.form.id })),
  });
}

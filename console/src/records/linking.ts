import type { LinkedAnswer, LinkedBody } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import { createContext } from 'react';
import { api } from '../api/client.js';

/** Answers what follows from what was typed; rejects with the API's refusal. */
export type AskLinked = (body: LinkedBody) => Promise<LinkedAnswer>;

/** Who is asked about a form, or about the rows of a subform; undefined where nobody can be. */
export interface Linking {
  /** @param formId the published form, or the form of a subform's rows */
  of(formId: string): AskLinked;
  /** @param ref the subform's id; `formId` of its rows is unknown while it was never published */
  ofRows(ref: string, formId: string | undefined): AskLinked | undefined;
}

const ask = (formId: string) => (body: LinkedBody) =>
  api('forms.linked', { params: { formId: formId as FormId }, body });

const published: Linking = {
  of: ask,
  ofRows: (_, formId) => (formId ? ask(formId) : undefined),
};

/** A page that fills in what is not published yet asks elsewhere. */
export const LinkingContext = createContext<Linking>(published);

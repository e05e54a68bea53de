import { laidField } from '@lianke/shared/forms/layout';
import { api } from '../../api/client.js';
import type { FormView } from '../../api/queries.js';
import type { Design } from '../model/design.js';
import { sameJson } from '../model/diff.js';
import { draftNames, payloadOf, writtenIds } from '../model/payload.js';

/**
 * Publishes a design over version `version` of its form; answers the form as it is then. Throws `version_conflict` when
 * someone else published meanwhile, `invalid_definition` naming the field at fault.
 */
export async function publishDesign(
  form: FormView,
  design: Design,
  version: number,
  more: { note?: string; draft?: number } = {},
): Promise<FormView> {
  const params = { formId: form.id };
  const written = await api('forms.update', {
    params,
    body: { ...payloadOf(design, draftNames(design)), version, ...more },
  });
  const { layout, settings } = payloadOf(design, writtenIds(design, written.fields));
  // A new field named like another's key could not be named before it had an id.
  const placed = (of: typeof layout) => of.sections.map((section) => section.items.map(laidField));
  if (sameJson(placed(written.layout), placed(layout))) return written;
  return await api('forms.update', { params, body: { layout, settings, version: written.version } });
}

import type { Twin } from '@lianke/shared/duplicates/api';
import { Alert } from 'antd';
import { Link } from 'react-router-dom';
import type { FormView } from '../api/queries.js';
import { pause } from '../i18n/punctuation.js';
import { AskToSee } from './ask-to-see.js';
import { type Text, useText } from './i18n.js';
import type { Found } from './use-duplicates.js';

/** Says that what is typed exists already and who owns it; what the reader may not see is not named. */
export function DuplicateNotice({ form, found: { findings, values } }: { form: FormView; found: Found }) {
  const text = useText();
  if (findings.length === 0) return null;
  const refuse = findings.some((finding) => finding.action === 'refuse');
  return (
    <Alert
      type={refuse ? 'error' : 'warning'}
      showIcon
      role="status"
      style={{ marginBottom: 16 }}
      title={refuse ? text('refused') : undefined}
      description={
        <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
          {findings.flatMap((finding) =>
            finding.twins.map((twin, index) => (
              // Twins that may not be seen have no id.
              <li key={`${finding.rule}/${twin.id ?? index}`}>
                {sentence(text, twin)}
                <span className="muted" style={{ marginInlineStart: 8 }}>
                  {text('by', { fields: namesOf(form, finding.fields) })}
                </span>
                {twin.id && (
                  <Link
                    to={`/apps/${form.appId}/forms/${form.id}/records/${twin.id}`}
                    target="_blank"
                    style={{ marginInlineStart: 8 }}
                  >
                    {text('open')}
                  </Link>
                )}
              </li>
            )),
          )}
          {findings.some(({ twins }) => twins.some((twin) => !twin.id && twin.owner)) && (
            <li>
              <AskToSee key={JSON.stringify(values)} form={form} values={values} />
            </li>
          )}
        </ul>
      }
    />
  );
}

export function namesOf(form: FormView, refs: readonly string[]): string {
  return refs
    .flatMap((ref) => form.fields.find((field) => field.key === ref || field.id === ref)?.name ?? [])
    .join(pause());
}

function sentence(text: Text, { label, owner }: Twin): string {
  if (label && owner) return text('existsOwned', { label, owner: owner.label });
  if (label) return text('existsNamed', { label });
  return owner ? text('existsHidden', { owner: owner.label }) : text('existsAlone');
}

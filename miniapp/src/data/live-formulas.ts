import type { Typing } from '@lianke/shared/forms/record-rules';
import type { LiveEnv, LiveFormulas } from '@lianke/shared/formulas/record-formulas';
import { useEffect, useMemo, useState } from 'react';
import { zone } from '../session/session.js';
import type { FormView, ReadField } from './record-types.js';

type Formulas = typeof import('@lianke/shared/formulas/check-formulas') &
  typeof import('@lianke/shared/formulas/record-formulas') &
  typeof import('@lianke/shared/formulas/row-formulas');

/** The interpreter is read when the first form with formulas is filled in: pages that only show records do without. */
async function load(): Promise<Formulas> {
  const [ofChecks, ofRecord, ofRows] = await Promise.all([
    import('@lianke/shared/formulas/check-formulas'),
    import('@lianke/shared/formulas/record-formulas'),
    import('@lianke/shared/formulas/row-formulas'),
  ]);
  return { ...ofChecks, ...ofRecord, ...ofRows };
}

function useFormulas(wanted: boolean): Formulas | undefined {
  const [formulas, setFormulas] = useState<Formulas>();
  useEffect(() => {
    let gone = false;
    // Without them the server computes on saving, as ever.
    if (wanted)
      load().then(
        (loaded) => gone || setFormulas(loaded),
        () => undefined,
      );
    return () => {
      gone = true;
    };
  }, [wanted]);
  return formulas;
}

const env = (): LiveEnv => ({ now: new Date(), timeZone: zone() });

const nothing: LiveFormulas = () => ({});

/** The record's own formulas, and its checks by formula; nothing until the interpreter is there. */
export function useTyping(form: FormView): Omit<Typing, 'read'> {
  const { checks = [] } = form.settings;
  const wanted = form.fields.some((field) => field.type === 'formula') || checks.some((check) => check.formula);
  const formulas = useFormulas(wanted);
  return useMemo(
    () => ({
      compute: formulas?.recordFormulas(form, env()) ?? nothing,
      checks: formulas?.checkFormulas(form, form.settings.checks ?? [], env()),
    }),
    [formulas, form],
  );
}

/** Computes the formulas of a subform's rows. */
export function useRowFormulas(field: ReadField): LiveFormulas {
  const { fields = [] } = field.config as { fields?: readonly { type: string }[] };
  const formulas = useFormulas(fields.some((inner) => inner.type === 'formula'));
  return useMemo(() => formulas?.rowFormulas(field, env()) ?? nothing, [formulas, field]);
}

import type { LiveEnv, LiveFormulas } from '@lianke/shared/formulas/record-formulas';
import { useEffect, useMemo, useState } from 'react';
import { zone } from '../session/session.js';
import type { FormView, ReadField } from './record-types.js';

type Formulas = typeof import('@lianke/shared/formulas/record-formulas') &
  typeof import('@lianke/shared/formulas/row-formulas');

/** The interpreter is read when the first form with formulas is filled in: pages that only show records do without. */
async function load(): Promise<Formulas> {
  const [ofRecord, ofRows] = await Promise.all([
    import('@lianke/shared/formulas/record-formulas'),
    import('@lianke/shared/formulas/row-formulas'),
  ]);
  return { ...ofRecord, ...ofRows };
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

/** Computes the record's own formulas from what is typed; nothing until the interpreter is there. */
export function useRecordFormulas(form: FormView): LiveFormulas {
  const formulas = useFormulas(form.fields.some((field) => field.type === 'formula'));
  return useMemo(() => formulas?.recordFormulas(form, env()) ?? nothing, [formulas, form]);
}

/** Computes the formulas of a subform's rows. */
export function useRowFormulas(field: ReadField): LiveFormulas {
  const { fields = [] } = field.config as { fields?: readonly { type: string }[] };
  const formulas = useFormulas(fields.some((inner) => inner.type === 'formula'));
  return useMemo(() => formulas?.rowFormulas(field, env()) ?? nothing, [formulas, field]);
}

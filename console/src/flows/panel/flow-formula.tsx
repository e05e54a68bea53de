import { groundForm } from '@lianke/shared/flows/formula-world';
import { compile, shownFormula } from '@lianke/shared/formulas/compile';
import { useMemo, useState } from 'react';
import { FormulaEditor } from '../../form-designer/properties/formula/formula-editor.js';
import { formulaWorldOf } from '../model/conditions.js';
import type { Source } from '../model/sources.js';
import type { Speaker } from '../model/words.js';

/** A formula over all that is known at a step; written in names, kept with ids as soon as it reads well. */
export function FlowFormula({
  formula,
  onChange,
  label,
  speaker,
  sources,
}: {
  formula: string;
  onChange: (formula: string) => void;
  label: string;
  speaker: Speaker;
  sources: readonly Source[];
}) {
  const world = useMemo(() => formulaWorldOf(speaker, sources), [speaker, sources]);
  const [typed, setTyped] = useState<{ text: string; kept: string }>();
  const source = typed?.kept === formula ? typed.text : shownFormula(formula, world, groundForm);
  return (
    <FormulaEditor
      source={source}
      onChange={(text) => {
        const done = compile(text, world, groundForm);
        const kept = done.ok ? done.formula.stored : text;
        setTyped({ text, kept });
        onChange(kept);
      }}
      world={world}
      formId={groundForm}
      fieldId=""
      label={label}
      decimals={8}
    />
  );
}

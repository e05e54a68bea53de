import type { ImportTarget, SheetPlan } from '@lianke/shared/imports/api';
import { identifyingTypes } from '@lianke/shared/imports/keys';
import { Segmented, Select } from 'antd';
import type { FormView } from '../../api/queries.js';
import { useText } from '../i18n.js';
import { type Plan, setMode } from '../model/plan.js';
import styles from './check.module.css';

/** 新增 / 更新 / 更新并新增, and by which fields existing records are known; one for each sheet that goes into an existing form. */
export function ModeChoice({
  plan,
  forms,
  onChange,
}: {
  plan: Plan;
  forms: readonly FormView[];
  onChange: (plan: Plan) => void;
}) {
  const sheets = plan.sheets.filter((sheet) => sheet.include && sheet.targets[0]?.formId);
  return sheets.map((sheet) => (
    <Choice key={sheet.index} sheet={sheet} only={sheets.length === 1} plan={plan} forms={forms} onChange={onChange} />
  ));
}

interface ChoiceProps {
  sheet: SheetPlan;
  only: boolean;
  plan: Plan;
  forms: readonly FormView[];
  onChange: (plan: Plan) => void;
}

function Choice({ sheet, only, plan, forms, onChange }: ChoiceProps) {
  const text = useText();
  const [target] = sheet.targets;
  if (!target) return null;
  const keys = keysOf(sheet, target, forms);
  const label = only ? text('mode') : text('modeOf', { sheet: sheet.name });
  const change = (mode: ImportTarget['mode'], matchOn: string[]) => onChange(setMode(plan, sheet.index, mode, matchOn));
  return (
    <div className={styles.decision}>
      <div className={styles.label}>{label}</div>
      <Segmented<ImportTarget['mode']>
        block
        aria-label={label}
        value={target.mode}
        onChange={(mode) =>
          change(
            mode,
            mode === 'insert'
              ? []
              : target.matchOn.length > 0
                ? target.matchOn
                : keys.slice(0, 1).map((key) => key.value),
          )
        }
        options={(['insert', 'update', 'upsert'] as const).map((value) => ({
          value,
          label: text(`mode_${value}`),
          disabled: value !== 'insert' && keys.length === 0,
        }))}
      />
      {target.mode !== 'insert' && (
        <Select
          mode="multiple"
          aria-label={text('matchOn')}
          placeholder={text('matchOn')}
          value={target.matchOn}
          maxCount={5}
          onChange={(matchOn: string[]) => {
            if (matchOn.length > 0) change(target.mode, matchOn);
          }}
          options={keys}
          style={{ width: '100%', marginTop: 8 }}
        />
      )}
      <div className={styles.hint}>{text(`modeHint_${target.mode}`)}</div>
    </div>
  );
}

/** Fields that a column feeds and that tell records apart; 数据ID first. */
function keysOf(
  sheet: SheetPlan,
  target: ImportTarget,
  forms: readonly FormView[],
): { value: string; label: string }[] {
  const fields = forms.find((form) => form.id === target.formId)?.fields ?? [];
  const fed = sheet.columns.filter((column) => column.to.target === target.key && column.to.field !== null);
  return fed.flatMap((column) => {
    if (column.to.field === 'id') return [{ value: 'id', label: column.header }];
    const field = fields.find((item) => item.key === column.to.field);
    return field && identifyingTypes.includes(field.type) ? [{ value: field.key, label: field.name }] : [];
  });
}

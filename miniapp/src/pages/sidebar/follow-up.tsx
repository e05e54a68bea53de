import { View } from '@tarojs/components';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { freshValues } from '../../data/form-check.js';
import { resumeLocalFiles } from '../../data/local-files.js';
import { arrivedValues, localIds } from '../../data/local-values.js';
import type { FormView, Ref } from '../../data/record-types.js';
import { addDays, nextMonday, wallClock } from '../../data/time.js';
import type { TodoForm } from '../../data/todo-form.js';
import type { VisitFields } from '../../data/visit-form.js';
import { useT } from '../../i18n/index.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { AskedPart, NeededFields } from '../visit/asked-part.js';
import { ContentField } from '../visit/content-field.js';
import { PlanLine } from '../visit/plan-line.js';
import { saveVisit } from '../visit/save-visit.js';
import { useAsked } from '../visit/use-asked.js';
import { useDraft } from '../visit/use-draft.js';
import { readVisitDraft, type VisitDraft } from '../visit/visit-draft.js';
import { newIds, otherFields, type Typed } from '../visit/visit-values.js';
import '../../fields/fields.scss';
import '../../components/field-box.scss';

interface Props {
  form: FormView;
  fields: VisitFields;
  todo: TodoForm | undefined;
  customer: Ref;
  onSaved(): void;
}

/**
 * 记跟进 beside the chat: a phrase and 保存 are enough, the next step is a third tap. What the company requires besides
 * is asked for here as on the visit's own page.
 */
export function FollowUp({ form, fields, todo, customer, onSaved }: Props) {
  const t = useT();
  const others = useMemo(() => otherFields(form, fields), [form, fields]);
  const empty = (): Typed => ({ customer, content: '', plan: '', nextAt: '', more: freshValues(others, {}) });
  // The chat app opens the page anew for each chat: what was begun here goes on as it stood.
  const slot = `chat.${customer.id}`;
  const [begun] = useState(() => readVisitDraft(slot));
  const [typed, setTyped] = useState<Typed>(() => (begun ? goneOn(empty(), begun) : empty()));
  const [busy, setBusy] = useState(false);
  const ids = useRef(begun?.ids ?? newIds());
  const draft = useDraft(form, fields, slot, () => ({ ...typed, ids: ids.current, files: [], at: Date.now() }));
  useEffect(() => {
    if (!begun) return;
    resumeLocalFiles(localIds(begun.more));
    setTyped((old) => ({ ...old, more: arrivedValues(old.more) }));
  }, [begun]);
  const asked = useAsked({
    ...{ followUp: form, fields, typed, setTyped, place: undefined, uploads: noPhotos },
    missing: () => (typed.content.trim() === '' ? { [fields.content.key]: t('visit.needContent') } : noFaults),
  });
  const { errors, set, shown, required } = asked;
  const { content, plan, nextAt } = typed;
  const today = wallClock(zone(), Date.now()).date;
  const steps = [
    { key: addDays(today, 1), label: t('visit.tomorrow') },
    { key: addDays(today, 3), label: t('visit.in3Days') },
    { key: nextMonday(today), label: t('visit.nextMonday') },
  ];
  const save = async () => {
    if (busy || !asked.isRight()) return;
    setBusy(true);
    const more = await asked.more();
    const texts = { content: content.trim(), plan: plan.trim() };
    const visit = { ...typed, ...texts, form, fields, todo, customer, place: undefined, uploads: [], more };
    const problem = await saveVisit({ ...visit, ids: ids.current }, () => {
      ids.current = newIds();
      draft.next();
      setTyped(empty());
      asked.clear();
      onSaved();
    });
    setBusy(false);
    if (!problem) return;
    if (problem.fields) asked.fail(problem.fields);
    showNotice(problem.text);
  };
  const next = fields.nextAt && shown(fields.nextAt) ? fields.nextAt : undefined;
  const planned = fields.plan && shown(fields.plan) && required(fields.plan) ? fields.plan : undefined;
  const days = next ? (
    <Chips items={steps} on={[nextAt]} onTap={(date) => set({ nextAt: date === nextAt ? '' : date }, next)} />
  ) : null;
  // Asked for, the next step has a place of its own; else it stands beside 保存.
  const formal = planned || (next && required(next)) ? (next ?? planned) : undefined;
  return (
    <View>
      <View className="section-title">{t('sidebar.followUp')}</View>
      <View className="card side-card">
        <AskedPart field={fields.content} label={fields.content.name} must error={errors[fields.content.key]}>
          <ContentField
            low
            field={fields.content}
            value={content}
            onChange={(text) => set({ content: text }, fields.content)}
          />
        </AskedPart>
        <NeededFields form={form} asked={asked} typed={typed} />
        {formal ? (
          <AskedPart field={formal} label={t('visit.next')} must={required(formal)} error={errors[formal.key]}>
            {planned ? (
              <PlanLine
                must
                field={planned}
                value={plan}
                error={planned === formal ? undefined : errors[planned.key]}
                onChange={(text) => set({ plan: text }, planned)}
              />
            ) : null}
            {days}
          </AskedPart>
        ) : null}
        <View className="side-next">
          {formal ? null : days}
          <Button kind="primary" off={busy} className="side-save" onClick={() => void save()}>
            {t(busy ? 'form.saving' : 'form.save')}
          </Button>
        </View>
      </View>
    </View>
  );
}

function goneOn(empty: Typed, { content, plan, nextAt, more }: VisitDraft): Typed {
  return { ...empty, content, plan, nextAt, more: { ...empty.more, ...more } };
}

const noPhotos: [] = [];
const noFaults = {};

import type { DuplicateFinding, Twin } from '@lianke/shared/duplicates/api';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { AskToSee } from '../../components/ask-to-see.js';
import type { FormView, Values } from '../../data/record-types.js';
import { wireValues } from '../../data/write-record.js';
import { type Translate, useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';

const pauseMs = 150;

function blank(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What the form's rules ask for, once all fields of a rule are filled in. */
function askedOf(form: FormView, values: Values): string {
  const wanted: Values = {};
  for (const hint of form.duplicates ?? []) {
    const fields = hint.fields.flatMap((id) => form.fields.find((field) => field.id === id) ?? []);
    if (fields.length < hint.fields.length || fields.some((field) => blank(values[field.key]))) continue;
    for (const field of fields) wanted[field.key] = values[field.key] ?? null;
  }
  return JSON.stringify(wireValues(form, wanted));
}

function sentence(t: Translate, { label, owner }: Twin): string {
  if (label && owner) return t('twins.owned', { label, owner: owner.label });
  if (label) return t('twins.named', { label });
  return owner ? t('twins.hidden', { owner: owner.label }) : t('twins.alone');
}

/** Says while one types that such a record exists already, and who owns it. */
export function Twins({ form, values, recordId }: { form: FormView; values: Values; recordId: string | undefined }) {
  const t = useT();
  const [found, setFound] = useState<readonly DuplicateFinding[]>([]);
  const asked = askedOf(form, values);
  useEffect(() => {
    if (asked === '{}') {
      setFound([]);
      return undefined;
    }
    let current = true;
    const timer = setTimeout(() => {
      const body = { values: JSON.parse(asked) as Values, ...(recordId ? { id: recordId as RecordId } : {}) };
      api('duplicates.check', { params: { formId: form.id as FormId }, body }).then(
        ({ items }) => current && setFound(items),
        // Without an answer nothing is claimed; saving asks again.
        () => current && setFound([]),
      );
    }, pauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [asked, form.id, recordId]);
  const twins = found.flatMap((finding) => finding.twins.map((twin) => ({ twin, rule: finding.rule })));
  if (twins.length === 0) return null;
  return (
    <View className="banner">
      <View className="banner__text">
        {twins.map(({ twin, rule }, index) => (
          <View key={`${rule}/${twin.id ?? index}`}>{sentence(t, twin)}</View>
        ))}
        {found.some((finding) => finding.action === 'refuse') ? <View>{t('twins.refused')}</View> : null}
      </View>
      {twins[0]?.twin.id ? (
        <View
          className="banner__act"
          onClick={() => open('/pages/record/index', { formId: form.id, id: twins[0]?.twin.id ?? '' })}
        >
          {t('twins.open')}
        </View>
      ) : null}
      {twins.some(({ twin }) => !twin.id && twin.owner) ? (
        <AskToSee key={asked} form={form} values={JSON.parse(asked) as Values} />
      ) : null}
    </View>
  );
}

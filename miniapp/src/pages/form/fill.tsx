import { splitFields } from '@lianke/shared/forms/short-form';
import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useMemo, useState } from 'react';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { DraftBanner } from '../../components/draft-banner.js';
import { ComputedBox, FieldBox } from '../../components/field-box.js';
import { Laid } from '../../components/laid.js';
import { orderedFields } from '../../data/facts.js';
import { derivedFields, fillable } from '../../data/form-check.js';
import { titleField } from '../../data/forms.js';
import { hasTabs, isLaid, laidBlocks } from '../../data/laid.js';
import type { Waiting } from '../../data/outbox.js';
import type { FormView, ReadField, RecordRow, Ref, Values } from '../../data/record-types.js';
import { LastingFilesContext } from '../../fields/field-uploads.js';
import { ParentRecordContext } from '../../fields/parent-record.js';
import { useT } from '../../i18n/index.js';
import { back, replace } from '../../platform/navigate.js';
import { showNotice } from '../../store/notice.js';
import { Twins } from './twins.js';
import { useFill } from './use-fill.js';

interface Props {
  form: FormView;
  record: RecordRow | undefined;
  preset: Values;
  /** The record as it waits to be sent. */
  waiting?: Waiting | undefined;
  /** What follows on a new record; then the page before is shown again. */
  onCreated?: ((made: Ref) => Promise<void>) | undefined;
}

export function Fill({ form, record, preset, waiting, onCreated }: Props) {
  const t = useT();
  const allowed = new Set(fillable(form).map((field) => field.id));
  const fields = orderedFields(form).filter((field) => allowed.has(field.id));
  const { values, computed, changed, rules, errors, busy, draft, put, save, restore, discard, again } = useFill(
    form,
    fields,
    record,
    preset,
    waiting,
  );
  const visible = fields.filter((field) => rules.stateOf(field)?.visible !== false);
  const { first, more } = splitFields(visible, titleField(form)?.id, form.settings.quickFields);
  const [opened, setOpened] = useState(record !== undefined);
  const laid = isLaid(form);
  const unfolded = opened || (laid && hasTabs(form)) || more.some((field) => errors[field.key]);
  const shown = unfolded ? [...first, ...more] : first;
  const known = { ...values, ...computed };
  const derived = derivedFields(form, known, computed).filter((field) => rules.stateOf(field)?.visible !== false);
  const around = useMemo(() => ({ fields: form.fields, values }), [form, values]);
  const box = (field: ReadField) =>
    derived.includes(field) ? (
      <ComputedBox key={field.id} field={field} value={known[field.key]} stale={changed && !(field.key in computed)} />
    ) : (
      <FieldBox
        key={field.id}
        field={rules.narrowed(field)}
        state={rules.stateOf(field)}
        value={values[field.key]}
        error={errors[field.key]}
        onChange={(value) => put(field.key, value)}
      />
    );
  const hidden = first.length + more.length - shown.length;

  const done = async () => {
    const { id, kept } = (await save()) ?? {};
    if (kept) return back();
    if (!id) return;
    showNotice(t('form.saved'));
    if (onCreated) {
      const title = titleField(form);
      const label = title ? String(values[title.key] ?? '') : '';
      await onCreated({ id, label }).catch((error: unknown) => showNotice(messageOf(error)));
      back();
    } else if (record) back();
    else replace('/pages/record/index', { formId: form.id, id });
  };
  const next = async () => {
    const saved = await save();
    if (!saved) return;
    if (!saved.kept) showNotice(t('form.savedNext'));
    again();
    void Promise.resolve(Taro.pageScrollTo({ scrollTop: 0, duration: 0 })).catch(() => undefined);
  };

  return (
    <View>
      <DraftBanner at={draft?.at} onRestore={restore} onDiscard={discard} />
      {form.settings.notice ? <View className="banner banner--ok">{form.settings.notice}</View> : null}
      <LastingFilesContext.Provider value="page">
        <ParentRecordContext.Provider value={around}>
          {laid ? (
            <Laid
              blocks={laidBlocks(form, [...shown, ...derived], rules)}
              wrong={Object.keys(errors)}
              card="card"
              render={box}
            />
          ) : (
            <View className="card">{[...shown, ...derived].map(box)}</View>
          )}
        </ParentRecordContext.Provider>
      </LastingFilesContext.Provider>
      {hidden > 0 ? (
        <View className="more-fields link" hoverClass="is-pressed" onClick={() => setOpened(true)}>
          {t('form.more', { n: hidden })}
        </View>
      ) : null}
      <Twins form={form} values={values} recordId={record?.id} />
      <View className="bar">
        {record || onCreated ? null : (
          <Button off={busy} onClick={() => void next()}>
            {t('form.saveAndNew')}
          </Button>
        )}
        <Button kind="primary" off={busy} onClick={() => void done()}>
          {t(busy ? 'form.saving' : 'form.save')}
        </Button>
      </View>
    </View>
  );
}

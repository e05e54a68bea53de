import { Picker, View } from '@tarojs/components';
import { type ReactNode, useState } from 'react';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { DraftBanner } from '../../components/draft-banner.js';
import { boxId } from '../../components/field-box.js';
import { MarkCanvas } from '../../components/mark-canvas.js';
import { distanceText as nearText } from '../../data/distance.js';
import type { ReadField, Ref } from '../../data/record-types.js';
import { addDays, dayWord, nextMonday, wallClock, weekdayWord } from '../../data/time.js';
import { FilePicker } from '../../fields/file-picker.js';
import { PickLine } from '../../fields/pick-line.js';
import { RecordSheet } from '../../fields/record-sheet.js';
import { useT } from '../../i18n/index.js';
import { isDd } from '../../platform/host.js';
import { useSession, zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { AskedPart, NeededFields } from './asked-part.js';
import { ContentField } from './content-field.js';
import { useRecent } from './customers.js';
import { useNearest } from './nearest.js';
import { photoMark } from './photo-mark.js';
import { PickByPlace } from './pick-by-place.js';
import { distanceText, PlaceLine } from './place.js';
import { PlanLine } from './plan-line.js';
import { useVisit, type VisitPage } from './use-visit.js';
import '../../fields/fields.scss';
import '../../components/field-box.scss';

const photosAtMost = 9;

export function VisitForm(props: VisitPage) {
  const { customers, followUp, fields, customerId } = props;
  const t = useT();
  const visit = useVisit(props);
  const { typed, photos, place, record, errors, busy, set, shown, required } = visit;
  const { customer, content, plan, nextAt } = typed;
  const [picking, setPicking] = useState(false);
  const { me } = useSession();
  const today = wallClock(zone(), Date.now()).date;
  const steps = [
    { key: addDays(today, 1), label: t('visit.tomorrow') },
    { key: addDays(today, 3), label: t('visit.in3Days') },
    { key: nextMonday(today), label: t('visit.nextMonday') },
  ];
  const near = useNearest(customers, place, !customerId);
  const recent = useRecent(customers).filter((item) => !near.some((other) => other.id === item.id));
  const offered = [
    ...near.map((item) => ({ ...item, note: nearText(t, item.distance) })),
    ...recent.map((item) => ({ ...item, note: undefined })),
  ];
  const choose = (chosen: Ref) => {
    setPicking(false);
    set({ customer: chosen }, fields.customer);
  };
  const setNextAt = (date: string) => set({ nextAt: date }, fields.nextAt);
  const mark = () =>
    photoMark(t, zone(), {
      member: me?.member.name ?? '',
      customer: customer?.label ?? '',
      place,
      distance: distanceText(t, place, customers, record),
      now: Date.now(),
    });
  const take = async () => {
    const taken = await photos.add('camera', photosAtMost - photos.uploads.length, mark());
    if (taken.some((photo) => photo.unmarked)) showNotice(t('visit.noMark'));
  };
  const part = (field: ReadField, label: string, must: boolean, inside: ReactNode) => (
    <AskedPart field={field} label={label} must={must} error={errors[field.key]}>
      {inside}
    </AskedPart>
  );

  return (
    <View>
      <DraftBanner at={visit.draft?.at} onRestore={visit.restore} onDiscard={visit.discard} />
      <View className="card">
        {part(
          fields.customer,
          fields.customer.name,
          true,
          <View>
            <PickLine
              text={customer?.label ?? ''}
              placeholder={t('visit.pickCustomer')}
              onTap={() => setPicking(true)}
            />
            {customerId ? null : <PickByPlace customers={customers} place={place} onPick={choose} />}
            {offered.length > 0 && !customerId ? (
              <Chips
                items={offered.map((item) => ({ key: item.id, label: item.label, note: item.note }))}
                on={customer ? [customer.id] : []}
                onTap={(id) => {
                  const found = offered.find((item) => item.id === id);
                  if (found) choose({ id: found.id, label: found.label });
                }}
              />
            ) : null}
          </View>,
        )}
        {fields.place && shown(fields.place) ? (
          <View id={boxId(fields.place)}>
            <PlaceLine place={place} customers={customers} record={record} />
            {errors[fields.place.key] ? (
              <View className="visit-place__error field-error">{errors[fields.place.key]}</View>
            ) : null}
          </View>
        ) : null}
      </View>
      <View className="card">
        {part(
          fields.content,
          fields.content.name,
          true,
          <ContentField
            field={fields.content}
            value={content}
            onChange={(text) => set({ content: text }, fields.content)}
          />,
        )}
        {fields.photos && shown(fields.photos)
          ? part(
              fields.photos,
              t('visit.photos'),
              required(fields.photos),
              <FilePicker
                stored={[]}
                uploads={photos.uploads}
                image
                full={photos.uploads.length >= photosAtMost}
                onAdd={() => void take()}
                onDrop={(key) => {
                  photos.drop(key);
                  set({}, fields.photos);
                }}
                onRetry={photos.retry}
              />,
            )
          : null}
      </View>
      {visit.needed.length > 0 ? (
        <View className="card">
          <NeededFields form={followUp} asked={visit} typed={typed} />
        </View>
      ) : null}
      {fields.nextAt && shown(fields.nextAt) ? (
        <View className="card">
          {part(
            fields.nextAt,
            t('visit.next'),
            required(fields.nextAt),
            <View>
              {fields.plan && shown(fields.plan) ? (
                <PlanLine
                  field={fields.plan}
                  value={plan}
                  must={required(fields.plan)}
                  error={errors[fields.plan.key]}
                  onChange={(text) => set({ plan: text }, fields.plan)}
                />
              ) : null}
              <Chips items={steps} on={[nextAt]} onTap={(date) => setNextAt(date === nextAt ? '' : date)} />
              <Picker
                mode="date"
                value={nextAt || addDays(today, 1)}
                start={today}
                end="2099-12-31"
                onChange={(event) => setNextAt(String(event.detail.value))}
              >
                <PickLine
                  text={nextAt ? `${dayWord(t, nextAt, today)} ${weekdayWord(t, nextAt)}` : ''}
                  placeholder={t('visit.otherDay')}
                  onClear={() => setNextAt('')}
                />
              </Picker>
            </View>,
          )}
        </View>
      ) : null}
      <View className="bar">
        <Button kind="primary" off={busy} onClick={() => void visit.save()}>
          {t(busy ? 'form.saving' : 'form.save')}
        </Button>
      </View>
      {isDd ? <MarkCanvas /> : null}
      {picking ? (
        <RecordSheet
          title={fields.customer.name}
          formId={customers.id}
          onPick={choose}
          onClose={() => setPicking(false)}
        />
      ) : null}
    </View>
  );
}

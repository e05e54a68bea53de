import type { FormId, RecordId } from '@lianke/shared/ids';
import { Picker, Textarea, View } from '@tarojs/components';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { distanceText as nearText } from '../../data/distance.js';
import { keptRecord } from '../../data/kept-record.js';
import { recentCustomers } from '../../data/recent-customers.js';
import type { FormView, RecordRow, Ref } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { addDays, dayWord, nextMonday, wallClock, weekdayWord } from '../../data/time.js';
import type { TodoForm } from '../../data/todo-form.js';
import type { VisitFields } from '../../data/visit-form.js';
import { FilePicker } from '../../fields/file-picker.js';
import { LineInput } from '../../fields/line-input.js';
import { PickLine } from '../../fields/pick-line.js';
import { RecordSheet } from '../../fields/record-sheet.js';
import { useUploads } from '../../fields/use-uploads.js';
import { useT } from '../../i18n/index.js';
import type { MessageKey } from '../../i18n/zh.js';
import { useSession, zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { useNearest } from './nearest.js';
import { photoMark } from './photo-mark.js';
import { contentLimit, phrases } from './phrases.js';
import { PickByPlace } from './pick-by-place.js';
import { distanceText, metresToCustomer, PlaceLine, usePlace } from './place.js';
import { saveVisit } from './save-visit.js';
import '../../fields/fields.scss';
import '../../components/field-box.scss';

interface Props {
  customers: FormView;
  followUp: FormView;
  fields: VisitFields;
  todo: TodoForm | undefined;
  customerId: string | undefined;
}

const photosAtMost = 9;

export function VisitForm({ customers, followUp, fields, todo, customerId }: Props) {
  const t = useT();
  const [customer, setCustomer] = useState<Ref | null>(
    () => recentCustomers().find((item) => item.id === customerId) ?? null,
  );
  const [picking, setPicking] = useState(false);
  const [content, setContent] = useState('');
  const [plan, setPlan] = useState('');
  const [nextAt, setNextAt] = useState('');
  const [errors, setErrors] = useState<{ customer?: string; content?: string }>({});
  const [busy, setBusy] = useState(false);
  const { me } = useSession();
  const place = usePlace(fields.place !== undefined);
  const photos = useUploads(() => undefined);
  const record = useCustomer(customers, customer?.id ?? customerId);
  useEffect(() => {
    if (record && !customer) setCustomer({ id: record.id, label: record.label });
  }, [record, customer]);
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
    setCustomer(chosen);
    setErrors((old) => ({ ...old, customer: undefined }));
  };
  const write = (text: string) => {
    setContent(text);
    setErrors((old) => ({ ...old, content: undefined }));
  };
  const mark = () =>
    photoMark(t, zone(), {
      member: me?.member.name ?? '',
      customer: customer?.label ?? '',
      place,
      distance: distanceText(t, place, customers, record),
      now: Date.now(),
    });
  const save = async () => {
    if (busy) return;
    if (!customer || content.trim() === '') {
      return setErrors({
        customer: customer ? undefined : t('visit.needCustomer'),
        content: content.trim() ? undefined : t('visit.needContent'),
      });
    }
    setBusy(true);
    const problem = await saveVisit({
      form: followUp,
      fields,
      todo,
      customer,
      content: content.trim(),
      plan: plan.trim(),
      nextAt,
      place: place.found && { ...place.found, distance: metresToCustomer(place, customers, record) },
      uploads: await photos.settled(),
    });
    setBusy(false);
    if (problem) showNotice(problem);
  };

  return (
    <View>
      <View className="card">
        <View className={`field ${errors.customer ? 'field--bad' : ''}`}>
          <View className="field__label">
            {fields.customer.name}
            <View className="field__star">*</View>
          </View>
          <PickLine text={customer?.label ?? ''} placeholder={t('visit.pickCustomer')} onTap={() => setPicking(true)} />
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
          {errors.customer ? <View className="field-error">{errors.customer}</View> : null}
        </View>
        {fields.place ? <PlaceLine place={place} customers={customers} record={record} /> : null}
      </View>
      <View className="card">
        <View className={`field ${errors.content ? 'field--bad' : ''}`}>
          <View className="field__label">
            {fields.content.name}
            <View className="field__star">*</View>
          </View>
          <Textarea
            className="area"
            value={content}
            placeholder={t('visit.contentHint')}
            placeholderClass="placeholder"
            maxlength={contentLimit(fields.content)}
            autoHeight
            cursorSpacing={120}
            onInput={(event) => write(event.detail.value)}
          />
          <Chips
            items={phrases.map((key) => ({ key, label: t(key) }))}
            onTap={(key) =>
              write(content ? `${content}${t('common.commaWide')}${t(key as MessageKey)}` : t(key as MessageKey))
            }
          />
          {errors.content ? <View className="field-error">{errors.content}</View> : null}
        </View>
        {fields.photos ? (
          <View className="field">
            <View className="field__label">{t('visit.photos')}</View>
            <FilePicker
              stored={[]}
              uploads={photos.uploads}
              image
              full={photos.uploads.length >= photosAtMost}
              onAdd={() => void photos.add('camera', photosAtMost - photos.uploads.length, mark())}
              onDrop={photos.drop}
              onRetry={photos.retry}
            />
          </View>
        ) : null}
      </View>
      {fields.nextAt ? (
        <View className="card">
          <View className="field">
            <View className="field__label">{t('visit.next')}</View>
            {fields.plan ? (
              <LineInput value={plan} placeholder={t('visit.planHint')} maxLength={200} onChange={setPlan} />
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
          </View>
        </View>
      ) : null}
      <View className="bar">
        <Button kind="primary" off={busy} onClick={() => void save()}>
          {t(busy ? 'form.saving' : 'form.save')}
        </Button>
      </View>
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

/** The chosen customer, for its name and its place. */
function useCustomer(customers: FormView, id: string | undefined): RecordRow | undefined {
  return useResource(
    id ? `data:${customers.id}:record:${id}` : null,
    () => api('records.get', { params: { formId: customers.id as FormId, id: (id ?? '') as RecordId } }),
    keptRecord(customers),
  ).data;
}

const chipsAtMost = 5;

/** The last five customers used on this phone, filled up with those of mine that changed last. */
function useRecent(customers: FormView): Ref[] {
  const known = recentCustomers();
  const mine = useResource(
    known.length < chipsAtMost ? `data:${customers.id}:mine` : null,
    () =>
      api('records.query', {
        params: { formId: customers.id as FormId },
        body: {
          filter: { field: 'owner', op: 'eq', value: { me: true } },
          sort: [{ field: 'updatedAt', dir: 'desc' }],
          fields: [],
          limit: chipsAtMost,
          total: false,
        },
      }),
    true,
  );
  const others = (mine.data?.items ?? []).filter((item) => !known.some((other) => other.id === item.id));
  return [...known, ...others.map((item) => ({ id: item.id, label: item.label }))].slice(0, chipsAtMost);
}

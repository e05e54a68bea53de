import type { RelationConfig } from '@lianke/shared/fields/relation/schema';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { messageOf } from '../../api/message.js';
import { mayLogVisit } from '../../components/fab.js';
import { Named } from '../../components/named.js';
import { Tag } from '../../components/tag.js';
import { callCustomer, callCustomerOf } from '../../data/call-customer.js';
import { useFormat } from '../../data/context.js';
import { destinationOf } from '../../data/destination.js';
import { ownerOf, phonesOf, summaryLine, tagOf } from '../../data/facts.js';
import { type Catalog, crmForm, fieldOf, may, type Pointer, stageField, tagField } from '../../data/forms.js';
import { poolOf, usePools } from '../../data/pools.js';
import { chooseChat, useRecordChats } from '../../data/record-chats.js';
import { configOf, type FormView, isRef, type RecordRow } from '../../data/record-types.js';
import { dayWord, wallClock } from '../../data/time.js';
import { updateRecord } from '../../data/write-record.js';
import { OptionSheet } from '../../fields/option-sheet.js';
import { optionOf, optionsOf } from '../../fields/plain-values.js';
import { useT } from '../../i18n/index.js';
import { navigateTo } from '../../platform/contact.js';
import { open } from '../../platform/navigate.js';
import { useSession } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { DealBar } from './deal-bar.js';
import { type HeadAction, HeadActions } from './head-actions.js';
import { useNextStep } from './next-step.js';
import { PrintSheet } from './print-sheet.js';
import { ReturnSheet } from './return-sheet.js';

interface Props {
  catalog: Catalog | undefined;
  form: FormView;
  record: RecordRow;
  /** The follow-ups of this record, if its form has any. */
  followUps?: Pointer | undefined;
  /** Without what the page around offers itself. */
  brief?: boolean;
  onChanged(): void;
}

/** Name, tag, stage, owner, next step, and the actions that matter now. */
export function RecordHead({ catalog, form, record, followUps, brief = false, onChanged }: Props) {
  const format = useFormat();
  const { t } = format;
  const [printing, setPrinting] = useState(false);
  const [returning, setReturning] = useState(false);
  const pool = poolOf(usePools().data, form);
  const { me } = useSession();
  // The stage bar says the stage already.
  const tag = tagField(form)?.id === stageField(form)?.id ? undefined : tagOf(form, record);
  const owner = ownerOf(record);
  const line = summaryLine(form, record, format);
  const next = useNextStep(form, record.id, followUps);
  const customers = crmForm(catalog, 'customer');
  const customer = customers?.id === form.id;
  // A to-do is mostly done by visiting or calling the customer it is about.
  const about = customers && !customer ? subjectOf(form, record, customers.id) : undefined;
  const target = destinationOf(form, record);
  const chats = useRecordChats(form.id, record.id, !brief);
  const actions: HeadAction[] = [];
  const called = customers && about && phonesOf(form, record).length === 0;
  if (customer || about || phonesOf(form, record).length > 0) {
    actions.push({
      key: 'call',
      icon: 'phone',
      label: t('customer.call'),
      run: () => void (called ? callCustomerOf(customers, about, catalog) : callCustomer(form, record, catalog)),
    });
  }
  if (chats.length > 0)
    actions.push({ key: 'chat', icon: 'chat', label: t('customer.chat'), run: () => void chooseChat(chats) });
  if (target) actions.push({ key: 'nav', icon: 'nav', label: t('customer.navigate'), run: () => navigateTo(target) });
  const visited = customer ? record.id : about;
  if (!brief && visited && mayLogVisit(catalog)) {
    actions.push({
      key: 'visit',
      icon: 'pen',
      label: t('customer.followUp'),
      run: () => open('/pages/visit/index', { customerId: visited }),
    });
  }
  if (may(form, 'edit')) {
    actions.push({
      key: 'edit',
      icon: 'file',
      label: t('common.edit'),
      run: () => open('/pages/form/index', { formId: form.id, id: record.id }),
    });
  }
  if (!brief && may(form, 'print'))
    actions.push({ key: 'print', icon: 'table', label: t('record.print'), run: () => setPrinting(true) });
  if (!brief && pool && owner && (pool.manages || ownerId(record) === me?.member.id))
    actions.push({ key: 'return', icon: 'swap', label: t('pool.return'), run: () => setReturning(true) });
  return (
    <View className="record-head">
      <View className="record-head__top">
        <View className="record-head__name">{record.label || t('record.untitled')}</View>
        {tag ? <Tag label={tag.label} color={tag.color} /> : null}
      </View>
      {line ? <View className="record-head__line">{line}</View> : null}
      <StageBar form={form} record={record} onChanged={onChanged} />
      {stageField(form) ? null : <DealBar catalog={catalog} form={form} recordId={record.id} />}
      {owner ? (
        <View className="record-head__line">
          <Named text={t('record.owner', { name: owner })} />
        </View>
      ) : null}
      {next ? (
        <View className="record-head__next">
          {t('record.next', { date: dayWord(t, next.date, wallClock(format.zone, format.now).date), text: next.text })}
        </View>
      ) : null}
      <HeadActions actions={actions} />
      {printing ? <PrintSheet formId={form.id} id={record.id} onClose={() => setPrinting(false)} /> : null}
      {returning ? <ReturnSheet form={form} record={record} onClose={() => setReturning(false)} /> : null}
    </View>
  );
}

/** The id of the customer that a to-do is about. */
function subjectOf(form: FormView, record: RecordRow, customerFormId: string): string | undefined {
  const field = fieldOf(form, form.settings.task?.subject);
  const value = field && configOf<RelationConfig>(field).formId === customerFormId ? record.values[field.key] : null;
  return isRef(value) ? value.id : undefined;
}

function ownerId(record: RecordRow): string | undefined {
  const { owner } = record.values;
  return isRef(owner) ? owner.id : undefined;
}

function StageBar({ form, record, onChanged }: { form: FormView; record: RecordRow; onChanged(): void }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const field = stageField(form);
  if (!field) return null;
  const stages = optionsOf(field);
  const current = optionOf(field, record.values[field.key]);
  const at = stages.findIndex((stage) => stage.id === current?.id);
  const movable = may(form, 'edit') && field.writable;
  const move = async ([id]: string[]) => {
    setOpen(false);
    if (!id || id === current?.id) return;
    try {
      await updateRecord(form, record.id, { [field.key]: id }, record.version);
      showNotice(t('record.stageMoved', { stage: optionOf(field, id)?.label ?? id }));
    } catch (error) {
      showNotice(messageOf(error));
    }
    onChanged();
  };
  return (
    <View className="stages">
      <View onClick={movable ? () => setOpen(true) : undefined}>
        <View className="stages__bar">
          {stages.map((stage, index) => (
            <View key={stage.id} className={`stages__step ${index <= at ? 'stages__step--on' : ''}`} />
          ))}
        </View>
        <View className="stages__text">
          <View className="stages__name">{current?.label ?? t('record.noStage')}</View>
          <View className="muted">{at >= 0 ? t('record.stageOf', { n: at + 1, all: stages.length }) : ''}</View>
          {movable ? <View className="link stages__move">{t('record.moveStage')}</View> : null}
        </View>
      </View>
      {open ? (
        <OptionSheet
          title={field.name}
          choices={stages.filter((stage) => !stage.disabled)}
          chosen={current ? [current.id] : []}
          onDone={(ids) => void move(ids)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </View>
  );
}

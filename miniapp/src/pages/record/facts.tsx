import type { RelationConfig } from '@lianke/shared/fields/relation/schema';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { formIn } from '@lianke/shared/records/masked';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Icon } from '../../components/icon.js';
import { Laid } from '../../components/laid.js';
import { Named } from '../../components/named.js';
import { useFormat } from '../../data/context.js';
import { type Fact, factsOf } from '../../data/facts.js';
import { isLaid, laidBlocks } from '../../data/laid.js';
import {
  configOf,
  type FormView,
  isRef,
  type Json,
  type ReadField,
  type RecordRow,
  textsOf,
} from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { ruleEnv, rulesFor } from '../../data/rules.js';
import { RowCards } from '../../fields/row-cards.js';
import { rowsOf } from '../../fields/subform-rows.js';
import { useT } from '../../i18n/index.js';
import { callPhone, copyText } from '../../platform/contact.js';
import { open } from '../../platform/navigate.js';
import { showNotice } from '../../store/notice.js';

/**
 * Every filled field. A long press copies the value alone; phones call and relations open. A masked one is shown in clear
 * on a tap, which is counted and kept on record.
 */
export function Facts({ form: whole, record: read }: { form: FormView; record: RecordRow }) {
  const form = formIn(whole, read);
  const t = useT();
  const [clear, setClear] = useState<Record<string, Json>>({});
  const record: RecordRow = { ...read, values: { ...read.values, ...clear } };
  const quota = useResource(form.fields.some((field) => field.masked === true) ? `unmask:${form.id}` : null, () =>
    api('forms.unmaskQuota', { params: { formId: form.id as FormId } }),
  );
  const left = quota.data?.left ?? 0;
  const hidden = (field: ReadField) => field.masked === true && !(field.key in clear);
  const look = async (field: ReadField) => {
    try {
      const params = { formId: form.id as FormId, id: read.id as RecordId };
      const answer = await api('records.unmask', { params, body: { field: field.id } });
      setClear((before) => ({ ...before, [field.key]: answer.value as Json }));
      showNotice(t('record.unmaskLeft', { n: answer.left }));
    } catch (error) {
      showNotice(messageOf(error));
    }
    void quota.reload();
  };
  const format = useFormat();
  const rules = rulesFor(form, record.values, ruleEnv());
  const facts = factsOf(form, record, format).filter(({ field }) => rules.stateOf(field)?.visible !== false);
  const one = ({ field, text }: Fact) => {
    const value = record.values[field.key];
    const tap = hidden(field)
      ? left > 0
        ? () => void look(field)
        : undefined
      : field.type === 'relation' && isRef(value)
        ? () => open('/pages/record/index', { formId: configOf<RelationConfig>(field).formId, id: value.id })
        : field.type === 'phone'
          ? () => void callPhone(textsOf(value))
          : undefined;
    return (
      <View
        key={field.id}
        className={field.type === 'subform' ? 'fact fact--rows' : 'fact'}
        onClick={tap}
        onLongPress={() => copyText(text)}
      >
        <View className="fact__name">{field.name}</View>
        {field.type === 'subform' ? (
          <View className="fact__rows">
            <RowCards field={field} rows={rowsOf(value)} />
          </View>
        ) : (
          <View className={`fact__value ${tap ? 'link' : ''}`}>
            <Named text={text} />
          </View>
        )}
        {hidden(field) && left > 0 ? <View className="link">{t('record.unmask', { n: left })}</View> : null}
        {hidden(field) && left === 0 && (quota.data?.limit ?? 0) > 0 ? (
          <View className="muted">{t('record.unmaskUsedUp')}</View>
        ) : null}
        {field.type === 'phone' && !hidden(field) ? <Icon name="phone" small className="link" /> : null}
      </View>
    );
  };
  if (!isLaid(form)) return <View className="card facts">{facts.map(one)}</View>;
  return (
    <Laid
      blocks={laidBlocks(
        form,
        facts.map((fact) => fact.field),
        rules,
      )}
      card="card facts"
      render={(field) => {
        const fact = facts.find((item) => item.field.id === field.id);
        return fact ? one(fact) : null;
      }}
    />
  );
}

import type { Twin } from '@lianke/shared/duplicates/api';
import type { FormId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../api/client.js';
import { may } from '../data/forms.js';
import type { FormView, ReadField, Values } from '../data/record-types.js';
import { useResource } from '../data/resource.js';
import { wireValues } from '../data/write-record.js';
import { useT } from '../i18n/index.js';
import { AskToSee } from './ask-to-see.js';

/** Fields whose whole value one types into a search. */
const typed: readonly ReadField['type'][] = ['text', 'phone', 'email', 'creditCode', 'idNumber', 'barcode'];
const shortest = 2;

/** The words as the value of each field that alone makes a record a duplicate. */
export function soughtValues(form: FormView, text: string): Values {
  if (text.length < shortest) return {};
  const fields = (form.duplicates ?? []).flatMap((hint) => {
    const field = hint.fields.length === 1 ? form.fields.find((item) => item.id === hint.fields[0]) : undefined;
    return field && typed.includes(field.type) ? [field] : [];
  });
  return Object.fromEntries(fields.map((field) => [field.key, field.type === 'phone' ? [text] : text]));
}

/**
 * 「已存在，负责人王芳」 + 申请查看: what is searched for is a record of somebody else's. Only the form's rules about
 * repeated records are asked, so that no part of a name tells what others have.
 */
export function Taken({ form, text }: { form: FormView; text: string }) {
  const t = useT();
  const values = wireValues(form, soughtValues(form, text));
  const wanted = Object.keys(values).length > 0 && (may(form, 'create') || may(form, 'edit'));
  const found = useResource(wanted ? `taken:${form.id}:${text}` : null, async () => {
    const { items } = await api('duplicates.check', { params: { formId: form.id as FormId }, body: { values } });
    return items.flatMap((finding) => finding.twins).filter((twin) => twin.id === null);
  });
  const owners = ownersOf(found.data ?? []);
  if (!wanted || owners.length === 0) return null;
  return (
    <View className="banner">
      <View className="banner__text">{t('twins.hidden', { owner: owners.join(t('common.comma')) })}</View>
      <AskToSee key={text} form={form} values={values} />
    </View>
  );
}

function ownersOf(twins: readonly Twin[]): string[] {
  return [...new Set(twins.flatMap((twin) => (twin.owner ? [twin.owner.label] : [])))];
}

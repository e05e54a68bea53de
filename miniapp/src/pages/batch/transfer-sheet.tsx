import type { FormId, RecordId } from '@lianke/shared/ids';
import type { TransferPreview } from '@lianke/shared/records/transfer';
import { Switch, View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Failed } from '../../components/empty.js';
import { Sheet } from '../../components/sheet.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { tellOutcome, transferMany } from '../../data/batch.js';
import { useMembers } from '../../data/members.js';
import { useResource } from '../../data/resource.js';
import { OptionSheet } from '../../fields/option-sheet.js';
import { PickLine } from '../../fields/pick-line.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

type Along = TransferPreview['along'][number];
const keyOf = ({ formId, field }: Along) => `${formId}/${field}`;

interface Props {
  formId: string;
  ids: readonly string[];
  onClose(): void;
  onDone(): void;
}

/** Asks who gets the records, and names what goes along with them, with counts. */
export function TransferSheet({ formId, ids, onClose, onDone }: Props) {
  const t = useT();
  const [to, setTo] = useState<string>();
  const [choosing, setChoosing] = useState(false);
  const [stay, setStay] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const members = useMembers();
  const preview = useResource(`transfer:${formId}:${ids.join()}`, () =>
    api('records.transferPreview', { params: { formId: formId as FormId }, body: { ids: [...ids] as RecordId[] } }),
  );
  const people = (members.data?.items ?? []).map(({ id, name }) => ({ id: id as string, label: name }));
  const name = people.find((one) => one.id === to)?.label ?? '';
  const along = preview.data?.along ?? [];
  const send = async () => {
    if (!to) return;
    setBusy(true);
    try {
      const going = along.filter((item) => !stay.includes(keyOf(item)));
      const outcome = await transferMany(
        formId,
        ids,
        to,
        going.map(({ formId: form, field }) => ({ formId: form, field })),
      );
      tellOutcome(outcome, (n) => t('batch.transferred', { n, name }), onDone);
      onDone();
    } catch (error) {
      showNotice(messageOf(error));
      setBusy(false);
    }
  };
  if (choosing)
    return (
      <OptionSheet
        title={t('batch.newOwner')}
        choices={people}
        chosen={to ? [to] : []}
        onDone={([id]) => {
          setTo(id);
          setChoosing(false);
        }}
        onClose={() => setChoosing(false)}
      />
    );
  return (
    <Sheet
      title={t('batch.transferTo', { n: ids.length })}
      onClose={onClose}
      foot={
        <Button kind="primary" off={busy || !to || !preview.data} onClick={() => void send()}>
          {t('batch.transfer')}
        </Button>
      }
    >
      <View className="batch-sheet">
        <PickLine text={name} placeholder={t('batch.pickOwner')} onTap={() => setChoosing(true)} />
        <View className="batch-sheet__title">{t('batch.along')}</View>
        {preview.error && !preview.data ? (
          <Failed error={preview.error} onRetry={() => void preview.reload()} />
        ) : preview.data ? null : (
          <SkeletonRows count={2} />
        )}
        {preview.data && along.length === 0 ? <View className="muted">{t('batch.alone')}</View> : null}
        {along.map((item) => (
          <View key={keyOf(item)} className="batch-sheet__line">
            <View className="batch-sheet__text">
              {t(`batch.along.${item.kind}`, { name: item.formName, n: item.count })}
            </View>
            <Switch
              color="#2b7de9"
              checked={!stay.includes(keyOf(item))}
              onChange={({ detail }) =>
                setStay((old) => (detail.value ? old.filter((key) => key !== keyOf(item)) : [...old, keyOf(item)]))
              }
            />
          </View>
        ))}
      </View>
    </Sheet>
  );
}

import { View } from '@tarojs/components';
import { useState } from 'react';
import { Button } from '../../components/button.js';
import { may } from '../../data/forms.js';
import type { FormView } from '../../data/record-types.js';
import { useT } from '../../i18n/index.js';
import { DeleteSheet } from './delete-sheet.js';
import { PrintManySheet } from './print-many-sheet.js';
import { TransferSheet } from './transfer-sheet.js';

interface Props {
  form: FormView;
  picked: readonly string[];
  /** Everything shown is picked. */
  every: boolean;
  /** Picks everything shown, or nothing of it. */
  onAll(): void;
  /** The records were changed: none of them is picked any longer. */
  onDone(): void;
}

/** What can be done with the picked records, by the reader's rights. */
export function BatchBar({ form, picked, every, onAll, onDone }: Props) {
  const t = useT();
  const [sheet, setSheet] = useState<'print' | 'transfer' | 'delete'>();
  const close = () => setSheet(undefined);
  const none = picked.length === 0;
  // One record is changed by its own right; several at once need the right to.
  const several = picked.length < 2 || may(form, 'bulk');
  const owner = form.fields.find((field) => field.key === 'owner' && field.system);
  const moves = may(form, 'edit') && owner?.writable === true;
  const deletes = may(form, 'delete');
  const done = () => {
    close();
    onDone();
  };
  return (
    <>
      <View className="bar batch-bar">
        <View className="batch-bar__line">
          <View className="batch-bar__count num">
            {t(several ? 'batch.picked' : 'batch.noRight', { n: picked.length })}
          </View>
          <View className="batch-bar__all link" onClick={onAll}>
            {t(every ? 'batch.none' : 'batch.all')}
          </View>
        </View>
        <View className="batch-bar__buttons">
          {may(form, 'print') ? (
            <Button kind="primary" off={none} onClick={() => setSheet('print')}>
              {t('record.print')}
            </Button>
          ) : null}
          {moves ? (
            <Button off={none || !several} onClick={() => setSheet('transfer')}>
              {t('batch.transfer')}
            </Button>
          ) : null}
          {deletes ? (
            <Button kind="danger" off={none || !several} onClick={() => setSheet('delete')}>
              {t('common.delete')}
            </Button>
          ) : null}
        </View>
      </View>
      {sheet === 'print' ? <PrintManySheet formId={form.id} ids={picked} onClose={close} /> : null}
      {sheet === 'transfer' ? <TransferSheet formId={form.id} ids={picked} onClose={close} onDone={done} /> : null}
      {sheet === 'delete' ? <DeleteSheet formId={form.id} ids={picked} onClose={close} onDone={done} /> : null}
    </>
  );
}

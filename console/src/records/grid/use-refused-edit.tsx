import type { RecordView } from '@lianke/shared/records/query';
import { App } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { useRuleEnv } from '../rules.js';
import { RecordPeek } from '../views/record-peek.js';
import { whyNot } from './why-not.js';

const words = { kept: 'cellKept', noRight: 'cellNoRight', masked: 'cellMasked', locked: 'cellLocked' } as const;

/**
 * What happens when a cell was to be edited that is not edited where it stands: files, addresses and rows open in a
 * drawer beside the table, with their control ready; of others the reason is said.
 */
export function useRefusedEdit(form: FormView): {
  refuse: (record: RecordView, field: ReadField, typed: string) => void;
  drawer: ReactNode;
} {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const env = useRuleEnv();
  const [open, setOpen] = useState<{ id: string; field: string }>();
  return {
    refuse(record, field, typed) {
      const why = whyNot(form, record, field, env);
      if (why === 'large') {
        // A letter is not a picture: only what asks for editing opens the drawer.
        if (typed === '') setOpen({ id: record.id, field: field.key });
      } else if (why) message.info({ key: 'cell-refused', content: t(words[why], { name: field.name }) });
    },
    drawer: <RecordPeek form={form} recordId={open?.id} edit={open?.field} onClose={() => setOpen(undefined)} />,
  };
}

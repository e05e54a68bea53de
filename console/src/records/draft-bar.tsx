import { nounOf } from '@lianke/shared/forms/noun';
import { Alert, Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FormView, useMe } from '../api/queries.js';
import { formatRecent } from '../shared/format.js';
import { dropDraft, readDraft } from './drafts.js';
import { draftKeyOf } from './use-draft.js';

/** Reminds of a new record that was not finished, as after a tab that was closed. */
export function DraftBar({ form, filling, onGoOn }: { form: FormView; filling: boolean; onGoOn: () => void }) {
  const { t } = useTranslation('records');
  const key = draftKeyOf(useMe().data?.member.id, form.id);
  const [at, setAt] = useState<number>();
  useEffect(() => {
    setAt(filling || !key ? undefined : readDraft(key)?.at);
  }, [key, filling]);
  if (at === undefined || !key) return null;
  return (
    <Alert
      type="info"
      showIcon
      style={{ margin: '8px 16px' }}
      title={t('draftWaits', { name: nounOf(form.name), time: formatRecent(new Date(at).toISOString()) })}
      action={
        <>
          <Button type="link" size="small" onClick={onGoOn}>
            {t('draftGoOn')}
          </Button>
          <Button
            type="text"
            size="small"
            onClick={() => {
              dropDraft(key);
              setAt(undefined);
            }}
          >
            {t('draftDiscard')}
          </Button>
        </>
      }
    />
  );
}

import type { FormId, RecordId } from '@lianke/shared/ids';
import type { DeletePreview } from '@lianke/shared/records/bulk';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { formatTotal } from '../shared/format.js';
import { useBulk } from './use-bulk.js';

type Use = DeletePreview['uses'][number];
const kinds: readonly Use['onDelete'][] = ['refuse', 'cascade', 'detach'];

/** What hangs on records that are to be deleted, by what becomes of it. */
function Uses({ uses }: { uses: readonly Use[] }) {
  const { t } = useTranslation('records');
  return (
    <div style={{ display: 'grid', gap: 10 }}>
      {kinds.map((kind) => {
        const list = uses.filter((use) => use.onDelete === kind);
        if (list.length === 0) return null;
        return (
          <section key={kind}>
            <h4 style={{ margin: '0 0 4px' }}>{t(`deleteUse.${kind}`)}</h4>
            <ul style={{ margin: 0, paddingLeft: 18 }}>
              {list.map((use) => (
                <li key={`${use.formId}/${use.fieldName}`} className="tabular">
                  {t('deleteUseLine', { form: use.formName, field: use.fieldName, n: formatTotal(use.count) })}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

/**
 * Deletes records with 撤销 after it. Where other data hangs on them it first says what becomes of that, with counts.
 * Answers how many went.
 */
export function useDelete(formId: string) {
  const { t } = useTranslation('records');
  const { modal, message } = App.useApp();
  const run = useBulk(formId);
  return async function remove(ids: readonly string[], done: (n: number) => string): Promise<number> {
    let uses: readonly Use[];
    try {
      const body = { ids: [...ids] as RecordId[] };
      uses = (await api('records.deletePreview', { params: { formId: formId as FormId }, body })).uses;
    } catch (error) {
      message.error(messageOf(error));
      return 0;
    }
    if (uses.length > 0) {
      const sure = await modal.confirm({
        title: t('deleteTitle', { n: formatTotal(ids.length) }),
        content: <Uses uses={uses} />,
        okText: t('delete'),
        okButtonProps: { danger: true },
      });
      if (!sure) return 0;
    }
    return run(ids, { kind: 'delete' }, done);
  };
}

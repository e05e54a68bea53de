import { Alert, App, Button, Modal } from 'antd';
import { useMemo } from 'react';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { designOf } from '../model/design.js';
import { diffOf } from '../model/diff.js';
import { mergeDesigns } from '../model/merge.js';
import { DiffList } from './diff-list.js';
import styles from './publish.module.css';

/** Someone else published the form while a draft stood here: both sides' changes, and how to go on. */
export function ConflictDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const text = useText();
  const { base, version, design, diff, form, adopt, rebase } = useDesigner();
  const { message } = App.useApp();
  const theirs = useMemo(() => designOf(form), [form]);
  const theirDiff = useMemo(() => diffOf(base, theirs), [base, theirs]);
  const merged = useMemo(() => mergeDesigns(base, design, theirs), [base, design, theirs]);
  return (
    <Modal
      open={open && form.version !== version}
      title={text('conflictTitle')}
      width={720}
      onCancel={onClose}
      footer={[
        <Button key="later" onClick={onClose}>
          {text('conflictLater')}
        </Button>,
        <Button
          key="discard"
          danger
          onClick={() => {
            adopt(form);
            onClose();
          }}
        >
          {text('conflictDiscard')}
        </Button>,
        <Button
          key="merge"
          type="primary"
          onClick={() => {
            rebase(form, merged.design);
            message.success(text('merged'));
            onClose();
          }}
        >
          {text('conflictMerge')}
        </Button>,
      ]}
    >
      <p>{text('conflictHint', { from: version, to: form.version })}</p>
      <div className={styles.sides}>
        <div>
          <h3>{text('conflictTheirs')}</h3>
          <DiffList diff={theirDiff} />
        </div>
        <div>
          <h3>{text('conflictMine')}</h3>
          <DiffList diff={diff} />
        </div>
      </div>
      {merged.conflicts.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={text('conflictBoth', {
            list: merged.conflicts.map((conflict) => conflict.mine.name).join(text('aspectSeparator')),
          })}
        />
      )}
    </Modal>
  );
}

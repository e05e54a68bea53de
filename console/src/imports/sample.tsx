import { Button } from 'antd';
import ledger from '../../../server/assets/demo/客户台账.xlsx?url';
import { useMe } from '../api/queries.js';
import { useText } from './i18n.js';
import styles from './imports.module.css';

const fileName = '客户台账.xlsx';

/** In the demonstration: the ledger at hand, to be tried with one click or looked at first. */
export function Sample({ disabled, onFile }: { disabled: boolean; onFile: (file: File) => void }) {
  const text = useText();
  const me = useMe();
  if (!me.data?.sandbox) return null;
  const take = async () => {
    const content = await (await fetch(ledger)).blob();
    onFile(new File([content], fileName, { type: content.type }));
  };
  return (
    <div className={styles.sample}>
      <Button disabled={disabled} onClick={() => void take()}>
        {text('trySample')}
      </Button>
      <Button type="link" href={ledger} download={fileName}>
        {text('downloadSample')}
      </Button>
      <span className="muted">{text('trySampleHint')}</span>
    </div>
  );
}

import { type FormEvent, useState } from 'react';
import { useLanguage } from '../i18n.js';

/** The scanner that a page opens: no camera here, so one types what the code says. */
export function ScanBox({ onDone }: { onDone: (text: string | null) => void }) {
  const { t } = useLanguage();
  const [text, setText] = useState('');
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') onDone(text.trim());
  };
  return (
    <form className="scan-box" onSubmit={send}>
      <label>
        {t('scanText')}
        <input value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <div>
        <button type="button" className="scan-box-cancel" onClick={() => onDone(null)}>
          {t('cancel')}
        </button>
        <button type="submit" className="scan-box-done" disabled={text.trim() === ''}>
          {t('scanDone')}
        </button>
      </div>
    </form>
  );
}

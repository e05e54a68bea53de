import type { ConversionView } from '@lianke/shared/forms/conversion';
import { Alert, App, Button, Progress } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import type { FormView } from '../../api/queries.js';
import { formatNumber } from '../../shared/format.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { useTypeLabel } from '../use-type-label.js';
import { useConversions, useRenewConversions } from './use-conversions.js';

/** How far the conversion of a field is, with the way to stop it; afterwards what came of it. */
export function ConversionBar() {
  const text = useText();
  const label = useTypeLabel();
  const { form } = useDesigner();
  const { message } = App.useApp();
  const renew = useRenewConversions();
  const conversions = useConversions(form.id);
  const running = conversions.find((item) => item.state === 'running');
  // What was seen running here is told the end of.
  const [followed, setFollowed] = useState<string>();
  if (running && running.id !== followed) setFollowed(running.id);
  if (!running) {
    const ended = conversions.find((item) => item.id === followed);
    return ended ? <Ended key={ended.id} conversion={ended} rows={isColumn(form, ended)} /> : null;
  }
  const total = running.total ?? 0;
  const percent = total === 0 ? 0 : Math.min(99, Math.round((running.done / total) * 100));
  const params = { name: running.name, from: label(running.from), to: label(running.to) };
  const what =
    running.encrypted === null
      ? text('converting', params)
      : text(running.encrypted ? 'encrypting' : 'decrypting', params);
  return (
    <Alert
      banner
      type="info"
      title={
        <>
          {what}{' '}
          <span className="muted">
            {text(isColumn(form, running) ? 'convertingDoneRows' : 'convertingDone', {
              n: formatNumber(running.done),
              total: formatNumber(total),
            })}
          </span>
          <Progress percent={percent} size="small" style={{ width: 160, marginInlineStart: 12 }} aria-label={what} />
        </>
      }
      action={
        <Button
          size="small"
          onClick={() => {
            api('conversions.cancel', { params: { formId: form.id, fieldId: running.field } })
              .then(() => message.info(text('convertStopped')))
              .catch((error) => message.error(messageOf(error)))
              .finally(() => void renew(form.id));
          }}
        >
          {text('convertStop')}
        </Button>
      }
    />
  );
}

/** Whether it is of a field of a subform's rows. */
function isColumn(form: FormView, { field }: ConversionView): boolean {
  return !form.fields.some((item) => item.id === field);
}

function Ended({ conversion, rows }: { conversion: ConversionView; rows: boolean }) {
  const text = useText();
  const label = useTypeLabel();
  const { name, from, to, state, failing, encrypted, error } = conversion;
  if (state === 'failed')
    return <Alert banner closable type="error" title={text('convertFailed', { name, reason: error ?? '' })} />;
  if (state !== 'done') return null;
  const done =
    encrypted === null
      ? text('convertDone', { name, from: label(from), to: label(to) })
      : text(encrypted ? 'encryptDone' : 'decryptDone', { name });
  const lost = failing > 0 ? text(rows ? 'convertLostRows' : 'convertLost', { n: formatNumber(failing) }) : '';
  return <Alert banner closable type={failing > 0 ? 'warning' : 'success'} title={[done, lost].join(' ').trim()} />;
}

import { Alert, App, Button, Progress } from 'antd';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { formatNumber } from '../../shared/format.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { useTypeLabel } from '../use-type-label.js';
import { useConversions, useRenewConversions } from './use-conversions.js';

/** How far the conversion of a field is, with the way to stop it. */
export function ConversionBar() {
  const text = useText();
  const label = useTypeLabel();
  const { form } = useDesigner();
  const { message } = App.useApp();
  const renew = useRenewConversions();
  const running = useConversions(form.id).find((item) => item.state === 'running');
  if (!running) return null;
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
            {text('convertingDone', { n: formatNumber(running.done), total: formatNumber(total) })}
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

import { Alert, Button, Input, Tag } from 'antd';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { useText } from '../i18n.js';
import { Labelled, Step } from './step.js';
import { type Connection, checkOf } from './use-connection.js';

interface TextLineProps {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  maxLength: number;
  placeholder?: string;
  numeric?: boolean;
}

/** A text of the connection with its label. */
export function TextLine({ id, label, value, onChange, maxLength, placeholder, numeric }: TextLineProps) {
  return (
    <Labelled id={id} label={label}>
      <Input
        id={id}
        value={value}
        maxLength={maxLength}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(numeric ? { inputMode: 'numeric' as const } : {})}
        onChange={(event) => onChange(event.target.value)}
      />
    </Labelled>
  );
}

/** The app's secret: never shown again once it was saved. */
export function SecretLine({
  kept,
  ...line
}: Pick<TextLineProps, 'id' | 'label' | 'value' | 'onChange'> & { kept: boolean }) {
  const text = useText();
  return (
    <Labelled id={line.id} label={line.label}>
      <Input.Password
        id={line.id}
        value={line.value}
        maxLength={200}
        autoComplete="off"
        placeholder={kept ? text('secretKept') : ''}
        onChange={(event) => line.onChange(event.target.value)}
      />
    </Labelled>
  );
}

/** Address, token and key that the platform calls back with; there once the connection is saved. */
export function CallbackLines({
  connection,
  labels,
}: {
  connection: Connection | undefined;
  labels: { url: string; token: string; aesKey: string; saveFirst: string };
}) {
  if (!connection) return <div className="muted">{labels.saveFirst}</div>;
  return (
    <>
      <Labelled label={labels.url}>
        <CopyLine name={labels.url} value={connection.callbackUrl} />
      </Labelled>
      <div className={styles.pair}>
        <Labelled label={labels.token}>
          <CopyLine name={labels.token} value={connection.callbackToken} />
        </Labelled>
        <Labelled label={labels.aesKey}>
          <CopyLine name={labels.aesKey} value={connection.callbackAesKey} />
        </Labelled>
      </div>
    </>
  );
}

/** How the connection stands as a whole. */
export function StateLine({ done, error }: { done: boolean; error: string | undefined }) {
  const text = useText();
  return (
    <>
      {done && <Tag color="success">{text('connected')}</Tag>}
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
    </>
  );
}

interface TestStepProps {
  n: number;
  connection: Connection | undefined;
  busy: boolean;
  onTest: () => void;
  labels: { title: string; where: string; send: string; sendAgain: string };
}

/** 给自己发一张测试卡片: green only when its button's press came back. */
export function TestStep({ n, connection, busy, onTest, labels }: TestStepProps) {
  const card = checkOf(connection, 'card');
  return (
    <Step n={n} title={labels.title} where={labels.where} ok={card?.ok ?? null} message={card?.message}>
      <div>
        <Button type="primary" disabled={!connection?.secretSet} loading={busy} onClick={onTest}>
          {card?.ok ? labels.sendAgain : labels.send}
        </Button>
      </div>
    </Step>
  );
}

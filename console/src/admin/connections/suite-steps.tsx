import { Alert, Button, Descriptions } from 'antd';
import { useState } from 'react';
import { formatDatetime } from '../../shared/format.js';
import { AccountsLine } from './accounts-line.js';
import { LicencesLine } from './licences-line.js';
import { StateLine, TestStep, TextLine } from './lines.js';
import { RangeLines } from './range-lines.js';
import { RemoveLine } from './remove-line.js';
import { Step } from './step.js';
import { type SuiteText, useSuiteText } from './suite-i18n.js';
import { SyncLine } from './sync-line.js';
import { type Connection, checkOf, useConnection } from './use-connection.js';

type Suite = NonNullable<Connection['suite']>;

/** A connection that came from the platform's directory: nothing to fill in, but its consent, people and licences to see. */
export function SuiteSteps({
  connection,
  suite,
  onSaved,
}: {
  connection: Connection;
  suite: Suite;
  onSaved: (saved: Connection) => void;
}) {
  const text = useSuiteText();
  const [name, setName] = useState(connection.name);
  const { busy, error, done, ...ask } = useConnection(connection, onSaved);
  const consent = checkOf(connection, 'authorised');
  const contacts = checkOf(connection, 'contacts');
  const events = checkOf(connection, 'callback');
  const range = checkOf(connection, 'range');
  const atDingtalk = connection.channel === 'dingtalk';
  const save = () => {
    const { id, channel, corpId, agentId } = connection;
    return ask.save({ id, channel, corpId, agentId, name: name.trim() });
  };
  return (
    <>
      <StateLine done={done} error={error} />

      <Step
        n={1}
        title={text('consentTitle')}
        where={text('consentWhere')}
        ok={consent?.ok ?? null}
        message={consent?.message}
      >
        <Consent suite={suite} channel={connection.channel} />
        <TextLine id="name" label={text('name')} value={name} onChange={setName} maxLength={40} />
        <div>
          <Button
            disabled={name.trim() === '' || name.trim() === connection.name}
            loading={busy === 'save'}
            onClick={() => void save()}
          >
            {text('save')}
          </Button>
        </div>
      </Step>

      <Step
        n={2}
        title={text('rangeTitle')}
        where={`${text('rangeWhere')} ${text(`scopeHint.${connection.channel}`)}`}
        ok={range?.ok ?? null}
        message={range?.message}
      >
        <RangeLines connection={connection} />
      </Step>

      <Step
        n={3}
        title={text('contactsTitle')}
        where={`${text('contactsWhere')} ${text(`contactsWhere.${connection.channel}`)}`}
        ok={contacts?.ok ?? null}
        message={contacts?.message}
      >
        <SyncLine connection={connection} busy={busy === 'sync'} onSync={() => void ask.sync()} />
        {suite.nameless > 0 && (
          <Alert
            type="info"
            showIcon
            title={text('nameless', { count: suite.nameless })}
            description={text('namelessWhy')}
          />
        )}
        {atDingtalk && <AccountsLine connection={connection} />}
      </Step>

      <Step
        n={4}
        title={text('eventsTitle')}
        where={text(atDingtalk ? 'eventsWhere.dingtalk' : 'eventsWhere')}
        ok={events?.ok ?? null}
        message={events?.message}
      />

      <TestStep
        n={5}
        connection={connection}
        busy={busy === 'test'}
        onTest={() => void ask.test()}
        labels={{
          title: text('testTitle'),
          where: text(atDingtalk ? 'testWhere.dingtalk' : 'testWhere'),
          send: text('send'),
          sendAgain: text('sendAgain'),
        }}
      />

      <Step
        n={6}
        title={text(atDingtalk ? 'ordersTitle' : 'licencesTitle')}
        where={text(atDingtalk ? 'ordersWhere' : 'licencesWhere')}
        ok={null}
        message={text('licencesState')}
      >
        <LicencesLine connection={connection} />
      </Step>

      <RemoveLine connection={connection} onRemove={ask.remove} />
    </>
  );
}

function Consent({ suite, channel }: { suite: Suite; channel: Connection['channel'] }) {
  const text = useSuiteText();
  const items = [
    { key: 'company', label: text('company'), children: suite.corpName },
    { key: 'state', label: text('state'), children: text(suite.state) },
    { key: 'scope', label: text('scope'), children: scopeOf(suite, text) },
    ...(suite.installedAt
      ? [{ key: 'since', label: text('since'), children: formatDatetime(suite.installedAt, 'day') }]
      : []),
    ...(suite.cancelledAt
      ? [{ key: 'cancelled', label: text('cancelledAt'), children: formatDatetime(suite.cancelledAt, 'day') }]
      : []),
  ];
  return (
    <>
      <Descriptions size="small" column={1} items={items} />
      {suite.deleteAfter ? (
        <Alert
          type="warning"
          showIcon
          title={text('deleteAfter', { date: formatDatetime(suite.deleteAfter, 'day') })}
        />
      ) : (
        <div className="muted">
          {text('scopeHint')} {text(`scopeHint.${channel}`)}
        </div>
      )}
    </>
  );
}

function scopeOf({ scope: { people, departments } }: Suite, text: SuiteText): string {
  if (people === null && departments === null) return text('scopeAll');
  return text('scopeOf', { people: people ?? 0, departments: departments ?? 0 });
}

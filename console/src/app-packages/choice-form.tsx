import type { InstallChoice, PackagePreview } from '@lianke/shared/apps/package-api';
import type { Reference } from '@lianke/shared/records/query';
import { Alert, Checkbox, Input, Radio } from 'antd';
import { useState } from 'react';
import { DepartmentPicker } from '../shared/department-picker.js';
import { isComposing } from '../shared/is-composing.js';
import { MemberPicker } from '../shared/member-picker.js';
import { useText } from './i18n.js';
import { OutsideForms } from './outside-forms.js';
import styles from './packages.module.css';
import { openText, usesText } from './said.js';

interface Props {
  preview: PackagePreview;
  choice: InstallChoice;
  onChange: (choice: InstallChoice) => void;
}

/** How the package is installed: new or over an app, under which name, with whom in its open places. */
export function ChoiceForm({ preview, choice, onChange }: Props) {
  const text = useText();
  const change = (part: Partial<InstallChoice>) => onChange({ ...choice, ...part });
  return (
    <>
      <section className={styles.card}>
        <h2>{text('how')}</h2>
        <Radio.Group
          className={styles.choices}
          value={choice.appId ?? ''}
          onChange={(event) => change({ appId: event.target.value || null, take: [] })}
          options={[
            ...preview.apps.map((app) => ({
              value: app.id as string,
              label: text(app.recorded ? 'asUpgrade' : 'asUnrecorded', { name: app.name, version: app.version }),
            })),
            ...(preview.mayInstallNew ? [{ value: '', label: text('asNew') }] : []),
          ]}
        />
        {preview.apps.some((app) => app.id === choice.appId && !app.recorded) && (
          <Alert type="info" showIcon title={text('unrecordedHint')} />
        )}
        {preview.older && <Alert type="warning" showIcon title={text('olderHint')} />}
        {!choice.appId && <NameInput key={preview.appName} preview={preview} onChange={(name) => change({ name })} />}
        {!choice.appId && preview.sameRoles.length > 0 && (
          <div className={styles.choices}>
            <span>{text('rolesTitle', { names: preview.sameRoles.join(text('and')) })}</span>
            <Radio.Group
              className={styles.choices}
              value={choice.roles}
              onChange={(event) => change({ roles: event.target.value })}
              options={[
                { value: 'new', label: text('rolesNew') },
                ...(preview.mayJoinRoles ? [{ value: 'join', label: text('rolesJoin') }] : []),
              ]}
            />
          </div>
        )}
        <Checkbox checked={choice.startFlows} onChange={(event) => change({ startFlows: event.target.checked })}>
          {text('startFlows')}
          <div className="muted">{text('startFlowsOff')}</div>
        </Checkbox>
        {!choice.appId && preview.sampleRows > 0 && (
          <Checkbox checked={choice.sample} onChange={(event) => change({ sample: event.target.checked })}>
            {text('withSample', { n: preview.sampleRows })}
          </Checkbox>
        )}
      </section>
      <OutsideForms preview={preview} forms={choice.forms} onChange={(forms) => change({ forms })} />
      <OpenPlaces preview={preview} people={choice.people} onChange={(people) => change({ people })} />
    </>
  );
}

/** The name is sent when it is written, not at every letter. */
function NameInput({ preview, onChange }: { preview: PackagePreview; onChange: (name: string) => void }) {
  const text = useText();
  const [name, setName] = useState(preview.appName);
  const send = () => {
    if (name.trim() !== '' && name.trim() !== preview.appName) onChange(name.trim());
  };
  return (
    <label className={styles.place} htmlFor="package-app-name">
      <span>{text('appName')}</span>
      <Input
        id="package-app-name"
        value={name}
        maxLength={40}
        onChange={(event) => setName(event.target.value)}
        onBlur={send}
        onPressEnter={(event) => {
          if (!isComposing(event.nativeEvent)) send();
        }}
      />
    </label>
  );
}

function OpenPlaces({
  preview,
  people,
  onChange,
}: {
  preview: PackagePreview;
  people: InstallChoice['people'];
  onChange: (people: InstallChoice['people']) => void;
}) {
  const text = useText();
  const [chosen, setChosen] = useState<Record<string, Reference>>({});
  const places = preview.open.filter((item) => item.kind === 'member' || item.kind === 'department');
  const missing = preview.open.filter((item) => !places.includes(item) && item.kind !== 'outside' && !item.filled);
  const put = (token: string, value: Reference | null) => {
    const { [token]: _, ...others } = chosen;
    const { [token]: __, ...left } = people;
    setChosen(value ? { ...others, [token]: value } : others);
    onChange(value ? { ...left, [token]: value.id } : left);
  };
  // Those that the app has filled already are asked for no more.
  const asked = places.filter((item) => !item.filled || people[item.token] !== undefined);
  return (
    <>
      {asked.length > 0 && (
        <section className={styles.card}>
          <h2>{text('people')}</h2>
          <span className="muted">{text('peopleHint')}</span>
          {asked.map((item) => {
            const Picker = item.kind === 'member' ? MemberPicker : DepartmentPicker;
            const label = openText(text, item);
            return (
              <div key={item.token} className={styles.place}>
                <span>
                  {label} <span className="muted">{usesText(text, item)}</span>
                </span>
                <Picker label={label} value={chosen[item.token] ?? null} onChange={(value) => put(item.token, value)} />
              </div>
            );
          })}
        </section>
      )}
      {missing.length > 0 && (
        <section className={styles.card}>
          <h2>{text('missing')}</h2>
          <span className="muted">{text('missingHint')}</span>
          <ul className={styles.list}>
            {missing.map((item) => (
              <li key={item.token}>
                {openText(text, item)} <span className="muted">{usesText(text, item)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

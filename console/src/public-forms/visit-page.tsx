import { CheckCircleFilled } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { momentAs } from '@lianke/shared/forms/presets';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Alert, Button, ConfigProvider, Form, Input, Result, Skeleton } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { fieldMessagesOf, isCode, messageOf } from '../api/errors.js';
import type { FormView, ReadField } from '../api/queries.js';
import { LaidSections } from '../records/laid-sections.js';
import { type LaidSection, laidFields, sectionsOf } from '../records/layout.js';
import { newRecordId } from '../records/new-id.js';
import { pageFaults } from '../records/page-faults.js';
import { rulesFor, typingOf } from '../records/rules.js';
import { toWrite, type Values } from '../records/values.js';
import { FieldEditor } from '../shared/field-editor.js';
import { setTimeZone, timeZone } from '../shared/format.js';
import { useText } from './i18n.js';
import styles from './visit.module.css';
import { VisitFiles, VisitPicker } from './visit-fields.js';
import { decidersOf, withoutFaults, withValue } from './visit-picks.js';
import { VisitRows } from './visit-rows.js';
import { VisitSignature } from './visit-signature.js';

type Page = AnswerOf<'public.open'>;

/** 外链: the form as people without an account fill it in, on a phone or a desk. */
export function VisitPage() {
  const text = useText();
  const { t } = useTranslation('common');
  const { token = '' } = useParams();
  const [page, setPage] = useState<Page>();
  const [failure, setFailure] = useState<unknown>();
  const [done, setDone] = useState<{ title: string; text: string; again: boolean }>();
  const [round, setRound] = useState(0);

  const show = (answer: Page) => {
    setTimeZone(answer.timeZone);
    setPage(answer);
  };

  // Each round asks anew: a captcha serves once, and the link may be closed by now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is what asks again
  useEffect(() => {
    let current = true;
    api('public.open', { params: { token }, body: page?.pass ? { pass: page.pass } : {} }).then(
      (answer) => {
        if (!current) return;
        show(answer);
        setFailure(undefined);
      },
      (error) => current && setFailure(error),
    );
    return () => {
      current = false;
    };
  }, [token, round]);

  useEffect(() => {
    if (page) document.title = page.title;
  }, [page]);

  return (
    <ConfigProvider componentSize="large">
      <main className={styles.page}>
        <div className={styles.sheet}>
          {failure !== undefined ? (
            <Failed error={failure} onRetry={() => setRound(round + 1)} />
          ) : done ? (
            <Result
              icon={<CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} />}
              title={done.title}
              subTitle={<span style={{ whiteSpace: 'pre-wrap' }}>{done.text}</span>}
              extra={
                done.again && (
                  <Button
                    onClick={() => {
                      setDone(undefined);
                      setRound(round + 1);
                    }}
                  >
                    {text('again')}
                  </Button>
                )
              }
            />
          ) : !page ? (
            <Skeleton active paragraph={{ rows: 6 }} />
          ) : page.state === 'password' ? (
            <Password token={token} title={page.title} onOpen={show} />
          ) : (
            <Fill key={round} token={token} page={page} onDone={setDone} />
          )}
        </div>
        <div className={styles.foot}>{text('poweredBy', { product: t('product') })}</div>
      </main>
    </ConfigProvider>
  );
}

/** Why there is nothing to fill in: gone, not open now, or only not to be reached at the moment. */
function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const text = useText();
  if (isCode(error, 'not_found'))
    return <Result status="info" title={text('notFound')} subTitle={text('notFoundHint')} />;
  if (isCode(error, 'public_form_closed'))
    return <Result status="info" title={text('closed')} subTitle={error.problem.params?.detail ?? messageOf(error)} />;
  return (
    <Result
      status="warning"
      title={text('unreachable')}
      subTitle={messageOf(error)}
      extra={<Button onClick={onRetry}>{text('retry')}</Button>}
    />
  );
}

function Password({ token, title, onOpen }: { token: string; title: string; onOpen: (page: Page) => void }) {
  const text = useText();
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  async function enter() {
    if (password === '' || busy) return;
    setBusy(true);
    try {
      onOpen(await api('public.open', { params: { token }, body: { password } }));
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Form layout="vertical" onFinish={() => void enter()}>
      <h1>{title}</h1>
      <Form.Item
        label={text('enterPassword')}
        htmlFor="visit-password"
        validateStatus={failure ? 'error' : ''}
        help={failure || undefined}
      >
        <Input.Password
          id="visit-password"
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Form.Item>
      <Button
        type="primary"
        htmlType="submit"
        block
        loading={busy}
        disabled={password === ''}
        style={{ marginTop: failure ? 16 : 0 }}
      >
        {text('enter')}
      </Button>
    </Form>
  );
}

function Fill({
  token,
  page,
  onDone,
}: {
  token: string;
  page: Page;
  onDone: (result: { title: string; text: string; again: boolean }) => void;
}) {
  const text = useText();
  const form = page.form as unknown as FormView;
  const fields = form.fields;
  const [values, setValues] = useState<Values>(() => startOf(fields, page.prefill));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const [captcha, setCaptcha] = useState(page.captcha);
  const [answer, setAnswer] = useState('');
  const body = useRef<HTMLDivElement>(null);
  // One id a filling-in: pressing 提交 again after a lost answer makes no second record.
  const id = useRef(newRecordId());
  const env = useMemo(() => ({ timeZone: timeZone(), now: new Date(), me: null, myDepartments: [] }), []);
  const typing = useMemo(() => typingOf(form, env), [form, env]);
  const rules = useMemo(() => rulesFor(form, values, env, typing), [form, values, env, typing]);
  const shown = fields.filter((field) => rules.stateOf(field)?.visible !== false);
  const sections = useMemo(() => sectionsOfLink(form), [form]);

  async function renewCaptcha() {
    setAnswer('');
    if (captcha) setCaptcha(await api('public.captcha', { params: { token } }).catch(() => captcha));
  }

  function refuse(found: Record<string, string>) {
    setErrors(found);
    const first = shown.find(({ key }) => Object.keys(found).some((at) => at === key || at.startsWith(`${key}[`)))?.key;
    requestAnimationFrame(() =>
      body.current?.querySelector(`[data-field="${first}"]`)?.scrollIntoView({ block: 'center', behavior: 'smooth' }),
    );
  }

  async function submit() {
    const found = pageFaults(shown, values, rules, env);
    setFailure('');
    if (Object.keys(found).length > 0) return refuse(found);
    if (captcha && answer.trim() === '') return setFailure(text('captchaNeeded'));
    setBusy(true);
    try {
      const out: Values = {};
      for (const field of shown) {
        const value = toWrite(field, values[field.key]);
        if (value !== null && rules.stateOf(field)?.readonly !== true) out[field.key] = value;
      }
      onDone(
        await api('public.submit', {
          params: { token },
          body: {
            ...(page.pass ? { pass: page.pass } : {}),
            id: id.current as RecordId,
            values: out,
            ...(captcha ? { captcha: { key: captcha.key, answer } } : {}),
          },
        }),
      );
    } catch (error) {
      const refused = fieldMessagesOf(error);
      if (Object.keys(refused).length > 0) refuse(refused);
      else setFailure(messageOf(error));
      await renewCaptcha();
    } finally {
      setBusy(false);
    }
  }

  const wrong = Object.keys(errors).length;
  return (
    <div ref={body}>
      <h1>{page.title}</h1>
      {page.intro && <p className={styles.intro}>{page.intro}</p>}
      <Form layout="vertical" onFinish={() => void submit()} requiredMark noValidate>
        <LaidSections
          sections={sections}
          rules={rules}
          shown={(field) => rules.stateOf(field)?.visible !== false}
          look={{ section: styles.section, raster: styles.raster }}
          wrong={Object.keys(errors)}
          render={(field) => (
            <Field
              token={token}
              page={page}
              field={rules.narrowed(field)}
              required={rules.stateOf(field)?.required ?? field.rules.required ?? false}
              readonly={rules.stateOf(field)?.readonly === true}
              value={values[field.key]}
              error={errors[field.key]}
              faults={errors}
              deciders={decidersOf(shown, field, values)}
              onChange={(value) => {
                const put = withValue(fields, values, field, value);
                setValues((now) => ({ ...now, ...put }));
                setErrors((old) => withoutFaults(old, Object.keys(put)));
              }}
            />
          )}
        />
        {captcha && (
          <Form.Item label={text('captchaLabel')} htmlFor="visit-captcha" required>
            <div className={styles.captcha}>
              <img alt={text('captchaLabel')} src={`data:image/svg+xml,${encodeURIComponent(captcha.svg)}`} />
              <Input
                id="visit-captcha"
                inputMode="numeric"
                autoComplete="off"
                style={{ width: 110 }}
                placeholder={text('captchaAnswer')}
                value={answer}
                onChange={(event) => setAnswer(event.target.value)}
              />
              <Button type="link" size="small" onClick={() => void renewCaptcha()}>
                {text('captchaNew')}
              </Button>
            </div>
          </Form.Item>
        )}
        {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 16 }} />}
        {wrong > 0 && (
          <Alert type="error" showIcon title={text('fixFields', { n: wrong })} style={{ marginBottom: 16 }} />
        )}
        <Button type="primary" htmlType="submit" block loading={busy}>
          {text('submit')}
        </Button>
      </Form>
    </div>
  );
}

function Field({
  token,
  page,
  field,
  required,
  readonly,
  value,
  error,
  faults,
  deciders,
  onChange,
}: {
  token: string;
  page: Page;
  field: ReadField;
  required: boolean;
  readonly: boolean;
  value: Json | undefined;
  error: string | undefined;
  /** By field, and by place for the fields of rows: `items[0].amount`. */
  faults: Readonly<Record<string, string>>;
  deciders: Values;
  onChange: (value: Json) => void;
}) {
  const id = `visit-${field.key}`;
  const { refers } = fieldTypes[field.type];
  const shared = { token, pass: page.pass, field, value, onChange, id };
  return (
    <Form.Item
      label={field.name}
      htmlFor={id}
      required={required}
      validateStatus={error ? 'error' : ''}
      help={error}
      extra={field.hint}
      data-field={field.key}
    >
      {field.type === 'subform' ? (
        <VisitRows {...shared} faults={faults} disabled={readonly} />
      ) : refers === 'record' ? (
        <VisitPicker {...shared} deciders={deciders} invalid={error !== undefined} />
      ) : field.type === 'signature' ? (
        <VisitSignature {...shared} />
      ) : refers === 'file' ? (
        <VisitFiles {...shared} limits={page.uploads} />
      ) : (
        <FieldEditor
          id={id}
          field={field}
          value={value}
          onChange={onChange}
          disabled={readonly}
          invalid={error !== undefined}
        />
      )}
    </Form.Item>
  );
}

/** By the form's layout in one column; a link with an order of its own keeps that. */
function sectionsOfLink(form: FormView): LaidSection[] {
  const laid = sectionsOf(form);
  const order = laid.flatMap((section) => laidFields(section).map(({ field }) => field.id));
  const sections = form.fields.every((field, index) => field.id === order[index])
    ? laid
    : [{ title: '', columns: 1, items: form.fields.map((field) => ({ field, span: 1 })) }];
  return sections.map((section) => ({
    ...section,
    columns: 1,
    items: section.items.map((item) => ({ ...item, span: 1 })),
  }));
}

/** The form's constants, the moment, and where the link allows it what the address brings, by field key or name. */
function startOf(fields: readonly ReadField[], prefill: boolean): Values {
  const values: Values = {};
  const query = new URLSearchParams(window.location.search);
  for (const field of fields) {
    if (field.default?.kind === 'literal') values[field.key] = field.default.value as Json;
    if (field.default?.kind === 'now') values[field.key] = momentAs(field.type, timeZone(), new Date());
    const given = prefill ? (query.get(field.key) ?? query.get(field.name)) : null;
    const type = fieldTypes[field.type];
    const config = type.config.safeParse(field.config);
    if (given === null || type.refers || !config.success) continue;
    const several = type.storage === 'text[]' ? given.split(',') : given;
    const parsed = type.parse(several, config.data);
    if (parsed.ok && parsed.value !== null) values[field.key] = parsed.value;
  }
  return values;
}

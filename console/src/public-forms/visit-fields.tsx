import { DeleteOutlined, PaperClipOutlined, UploadOutlined } from '@ant-design/icons';
import type { FileView } from '@lianke/shared/files/api';
import type { Json } from '@lianke/shared/json';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Select, Upload } from 'antd';
import { useState } from 'react';
import { api, upload } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import type { ReadField } from '../api/queries.js';
import { filesOf } from '../fields/attachment.js';
import { referenceOf } from '../fields/renderer.js';
import { colon } from '../i18n/punctuation.js';
import type { Values } from '../records/values.js';
import { useDebounced } from '../shared/use-debounced.js';
import { useText } from './i18n.js';

interface Props {
  token: string;
  pass: string | null;
  field: ReadField;
  value: Json | undefined;
  onChange: (value: Json) => void;
  id: string;
  invalid: boolean;
}

/**
 * Chooses among the titles that the link makes public.
 * @param deciders what other fields hold that narrow the choice, as the API takes it
 */
export function VisitPicker({
  token,
  pass,
  field,
  value,
  onChange,
  id,
  invalid,
  deciders,
}: Props & { deciders: Values }) {
  const text = useText();
  const [search, setSearch] = useState('');
  const settled = useDebounced(search.trim());
  const found = useQuery({
    queryKey: ['public-pick', token, field.key, deciders, settled],
    queryFn: () =>
      api('public.pick', {
        params: { token },
        body: { ...(pass ? { pass } : {}), field: field.id, search: settled, values: deciders },
      }),
    // Typing keeps the list until the next one comes; another deciding value makes it a wrong one.
    placeholderData: (before, query) =>
      JSON.stringify(query?.queryKey[3]) === JSON.stringify(deciders) ? before : undefined,
  });
  const many = field.type === 'relations';
  const chosen = (Array.isArray(value) ? value : [value]).flatMap((item) => referenceOf(item) ?? []);
  const items = [...new Map([...chosen, ...(found.data?.items ?? [])].map((item) => [item.id, item])).values()];
  const referTo = (ids: readonly string[]): Json[] =>
    ids.flatMap((wanted) => items.filter((item) => item.id === wanted).map(({ id: of, label }) => ({ id: of, label })));
  return (
    <Select<string | string[]>
      id={id}
      {...(many ? { mode: 'multiple' as const } : {})}
      style={{ width: '100%' }}
      size="large"
      allowClear
      status={invalid ? 'error' : ''}
      value={many ? chosen.map((item) => item.id) : ((chosen[0]?.id ?? null) as string)}
      options={items.map((item) => ({ value: item.id, label: item.label || item.id }))}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      placeholder={text('choose')}
      notFoundContent={text('noMatch')}
      loading={found.isFetching}
      onChange={(next) => {
        const list = referTo(Array.isArray(next) ? next : next ? [next] : []);
        onChange(many ? (list.length > 0 ? list : null) : (list[0] ?? null));
      }}
    />
  );
}

/** Uploads for this submission only; what was sent can be taken off again, not looked at. */
export function VisitFiles({
  token,
  pass,
  field,
  value,
  onChange,
  id,
  limits,
}: Omit<Props, 'invalid'> & { limits: { accept: string; maxMb: number; maxFiles: number } }) {
  const text = useText();
  const { message } = App.useApp();
  const [pending, setPending] = useState(0);
  const files = filesOf(value);
  const max = Math.min(limits.maxFiles, typeof field.config.max === 'number' ? field.config.max : limits.maxFiles);
  const put = (next: typeof files) => onChange(next.length === 0 ? null : next.map((file) => ({ ...file })));
  async function send(batch: readonly File[]) {
    if (files.length + batch.length > max) {
      message.warning(text('uploadTooMany', { n: max }));
      return;
    }
    const done: typeof files = [];
    setPending(batch.length);
    for (const file of batch) {
      try {
        if (file.size > limits.maxMb * 1024 * 1024)
          message.error(text('uploadTooBig', { name: file.name, mb: limits.maxMb }));
        else done.push(await upload<FileView>('public.upload', file, pass ? { pass } : {}, undefined, { token }));
      } catch (error) {
        message.error(`${file.name}${colon()}${messageOf(error)}`);
      }
    }
    setPending(0);
    if (done.length > 0) put([...files, ...done]);
  }
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      {files.map((file) => (
        <div key={file.id} style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
          <PaperClipOutlined />
          <span className="ellipsis" style={{ flex: 1 }}>
            {file.name}
          </span>
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={text('dropFile', { name: file.name })}
            onClick={() => put(files.filter((item) => item.id !== file.id))}
          />
        </div>
      ))}
      {files.length < max && (
        <Upload
          multiple
          showUploadList={false}
          accept={field.type === 'attachment' ? limits.accept : 'image/*'}
          beforeUpload={(file, batch) => {
            if (file === batch[0]) void send(batch);
            return false;
          }}
        >
          <Button id={id} icon={<UploadOutlined />} loading={pending > 0}>
            {text('uploadHere')}
          </Button>
          <span className="muted" style={{ marginInlineStart: 8 }}>
            {text('uploadLimit', { mb: limits.maxMb, n: max })}
          </span>
        </Upload>
      )}
    </div>
  );
}

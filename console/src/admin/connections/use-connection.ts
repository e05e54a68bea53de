import type { AnswerOf, BodyOf } from '@lianke/shared/api/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys } from '../../api/queries.js';
import { useText } from '../i18n.js';

export type Connection = AnswerOf<'connections.save'>;

/** What is being done to a connection. */
type Task = 'save' | 'test' | 'sync' | 'files';

export function checkOf(connection: Connection | undefined, key: string) {
  return connection?.checks.find((check) => check.key === key);
}

/** Saving, testing and synchronising a connection, one at a time, with what came of it. */
export function useConnection(connection: Connection | undefined, onSaved: (saved: Connection) => void) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState<Task>();
  const [error, setError] = useState('');

  const run = async (what: Task, call: () => Promise<Connection>): Promise<boolean> => {
    setBusy(what);
    setError('');
    try {
      const saved = await call();
      client.setQueryData<Connection[]>(keys.connections, (old = []) =>
        old.some((item) => item.id === saved.id)
          ? old.map((item) => (item.id === saved.id ? saved : item))
          : [...old, saved],
      );
      if (what === 'save') onSaved(saved);
      return true;
    } catch (failure) {
      setError(messageOf(failure));
      return false;
    } finally {
      setBusy(undefined);
    }
  };
  const own = connection ? { params: { id: connection.id } } : undefined;

  const done = connection?.checks.every((check) => check.ok === true) ?? false;
  const [was, setWas] = useState(done);
  useEffect(() => {
    if (done && !was) message.success(text('connected'));
    setWas(done);
  }, [done, was, message, text]);

  return {
    busy,
    error,
    done,
    save: (body: BodyOf<'connections.save'>) => run('save', () => api('connections.save', { body })),
    test: async () => own && (await run('test', () => api('connections.test', own))),
    /** Takes the connection away; the page goes on with what is left. */
    remove: async () => {
      if (!own) return;
      try {
        await api('connections.remove', own);
        client.setQueryData<Connection[]>(keys.connections, (old = []) =>
          old.filter((item) => item.id !== connection?.id),
        );
      } catch (failure) {
        setError(messageOf(failure));
      }
    },
    /** Puts a file at the root of our address. */
    putFile: async (body: BodyOf<'connections.putFile'>) =>
      own !== undefined && (await run('files', () => api('connections.putFile', { ...own, body }))),
    removeFile: async (name: string) =>
      own && (await run('files', () => api('connections.removeFile', { params: { ...own.params, name } }))),
    sync: async () => own && (await run('sync', () => api('connections.sync', own))),
  };
}

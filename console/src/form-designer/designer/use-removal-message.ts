import { App, Button } from 'antd';
import { createElement, useCallback, useRef } from 'react';
import { api } from '../../api/client.js';
import { formatNumber } from '../../shared/format.js';
import { useText } from '../i18n.js';
import type { Designer } from './use-designer.js';

/** How many records of the form hold a value of the field; undefined when it cannot be told. */
export async function valuesOf(formId: Designer['form']['id'], fieldId: string): Promise<number | undefined> {
  try {
    const { items } = await api('records.aggregate', {
      params: { formId },
      body: { filter: { field: fieldId, op: 'notEmpty' }, metrics: [{ fn: 'count', as: 'n' }] },
    });
    return Number(items[0]?.metrics.n ?? 0);
  } catch {
    return undefined;
  }
}

interface Removal {
  uid: string;
  name: string;
  /** How many values it held, once that is known; absent for what was never published. */
  held?: Promise<number | undefined> | undefined;
  of?: 'records' | 'rows';
}

const keyOf = (uid: string) => `removed-${uid}`;

/** Tells that a field was taken off and what it held, and offers to undo it. */
export function useRemovalMessage(undo: () => void) {
  const text = useText();
  const { message } = App.useApp();
  const offered = useRef(new Set<string>());

  /** What was undone by key needs no offer to undo it. */
  const settle = useCallback(
    (isBack: (uid: string) => boolean) => {
      for (const uid of offered.current) {
        if (!isBack(uid)) continue;
        offered.current.delete(uid);
        message.destroy(keyOf(uid));
      }
    },
    [message],
  );

  const tell = ({ uid, name, held, of = 'records' }: Removal) => {
    const key = keyOf(uid);
    offered.current.add(uid);
    const say = (content: string) => {
      const onClick = () => {
        undo();
        message.destroy(key);
      };
      const back = createElement(Button, { type: 'link', size: 'small', onClick }, text('undo'));
      message.open({ key, type: 'info', duration: 6, content: createElement('span', null, content, back) });
    };
    say(text('removedToast', { name }));
    void held?.then((n) => {
      if (n && offered.current.has(uid))
        say(text(of === 'rows' ? 'removedColumnWithData' : 'removedWithData', { name, n: formatNumber(n) }));
    });
  };
  return { tell, settle };
}

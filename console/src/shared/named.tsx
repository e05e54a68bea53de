import { mayHoldStandIn, splitStandIns } from '@lianke/shared/chat/stand-in';
import type { WithheldName, WithheldNames } from '@lianke/shared/chat/withheld';
import { useQuery } from '@tanstack/react-query';
import { createElement, Fragment, useEffect, useMemo, useRef } from 'react';
import { api } from '../api/client.js';
import { bindOpenData } from './open-data.js';

const nobody: ReadonlyMap<string, WithheldName> = new Map();

/** Whose names the platform shows itself. */
function useWithheld(): WithheldNames | undefined {
  const { data } = useQuery({
    queryKey: ['withheld-names'],
    queryFn: () => api('names.withheld', {}),
    staleTime: 300_000,
  });
  return data;
}

/** Ids of members whom the platform knows by this name; nobody where it withholds none. */
export function useFoundByName(search: string, names: readonly string[]): ReadonlySet<string> {
  const name = search.trim();
  const wanted = name !== '' && names.some(mayHoldStandIn);
  const { data } = useQuery({
    queryKey: ['withheld-names', 'search', name],
    queryFn: () => api('names.search', { query: { name } }),
    enabled: wanted,
    staleTime: 60_000,
  });
  return useMemo(() => new Set<string>(wanted ? data?.ids : []), [wanted, data]);
}

/**
 * Words in which people may be named. Where WeCom tells us no names, each is drawn by its own element, which nobody but the
 * reader can read; until then, and where it cannot be, stands what is known (成员 3f9a2c). Asked for only where somebody has
 * such a name: most companies have none, and a grid has thousands of names.
 */
export function Named({ text }: { text: string }) {
  return mayHoldStandIn(text) ? <Shown text={text} /> : text;
}

function Shown({ text }: { text: string }) {
  const withheld = useWithheld();
  const known = useMemo(() => (withheld ? new Map(withheld.items.map((one) => [one.text, one])) : nobody), [withheld]);
  const connection = withheld?.connection;
  const pieces = splitStandIns(text, known);
  if (!connection || pieces.every((piece) => typeof piece === 'string')) return <>{text}</>;
  return (
    <>
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
        <Fragment key={index}>
          {typeof piece === 'string' ? piece : <OpenName text={piece.text} one={piece.one} connection={connection} />}
        </Fragment>
      ))}
    </>
  );
}

interface OpenNameProps {
  text: string;
  one: WithheldName;
  connection: NonNullable<WithheldNames['connection']>;
}

function OpenName({ text, one, connection }: OpenNameProps) {
  const element = useRef<HTMLElement>(null);
  const type = one.kind === 'member' ? 'userName' : 'departmentName';
  useEffect(() => {
    if (element.current && type && one.id) void bindOpenData(element.current, connection);
  }, [type, one.id, connection]);
  return createElement('ww-open-data', { ref: element, type, openid: one.id }, text);
}

import { mayHoldStandIn, splitStandIns } from '@lianke/shared/chat/stand-in';
import type { WithheldName } from '@lianke/shared/chat/withheld';
import { OpenData } from '@tarojs/components';
import { type ElementType, Fragment, useEffect, useRef } from 'react';
import { useWithheld } from '../data/withheld.js';
import { bindOpenData } from '../platform/open-data.js';

/**
 * Words in which people may be named. Where WeCom tells us no names, each is drawn by its own element, which nobody but the
 * reader can read; everywhere else, and until it is drawn, stands what is known (成员 3f9a2c).
 */
export function Named({ text }: { text: string }) {
  return mayHoldStandIn(text) ? <Shown text={text} /> : text;
}

function Shown({ text }: { text: string }) {
  const pieces = splitStandIns(text, useWithheld());
  if (pieces.every((piece) => typeof piece === 'string')) return <>{text}</>;
  return (
    <>
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
        <Fragment key={index}>
          {typeof piece === 'string' ? piece : <OpenName text={piece.text} one={piece.one} />}
        </Fragment>
      ))}
    </>
  );
}

/**
 * On H5 WeCom's `ww-open-data`, in its mini-program the host's own component with the same id (`plugins/open-data.ts`). DingTalk
 * withholds no names and has no such component.
 */
const Element = process.env.TARO_ENV === 'dd' ? null : (OpenData as ElementType);

function OpenName({ text, one }: { text: string; one: WithheldName }) {
  const element = useRef<HTMLElement>(null);
  const type = one.kind === 'member' ? 'userName' : 'departmentName';
  useEffect(() => {
    if (process.env.TARO_ENV === 'h5' && element.current && type && one.id) void bindOpenData(element.current);
  }, [type, one.id]);
  if (Element === null) return <>{text}</>;
  return (
    <Element
      {...(process.env.TARO_ENV === 'h5' ? { ref: element } : {})}
      type={type}
      openid={one.id}
      defaultText={text}
    >
      {text}
    </Element>
  );
}

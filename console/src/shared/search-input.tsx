import { Input, type InputProps } from 'antd';
import { useEffect, useRef, useState } from 'react';

interface Props extends Omit<InputProps, 'value' | 'onChange' | 'onSearch'> {
  value: string;
  onSearch: (text: string) => void;
}

/** A box to search by typing. Pinyin that is still being composed is not searched: only what it becomes. */
export function SearchInput({ value, onSearch, ...rest }: Props) {
  const [text, setText] = useState(value);
  const composing = useRef(false);
  useEffect(() => setText(value), [value]);
  return (
    <Input
      allowClear
      {...rest}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        if (!composing.current) onSearch(event.target.value);
      }}
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        onSearch(event.currentTarget.value);
      }}
    />
  );
}

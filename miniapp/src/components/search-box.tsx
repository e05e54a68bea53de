import { Input, View } from '@tarojs/components';
import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon.js';
import './search-box.scss';

interface Props {
  value: string;
  placeholder: string;
  /** Called with the trimmed text once typing pauses. */
  onSearch(text: string): void;
}

const pause = 250;

/** A search line: searches while one types, with a cross to clear it. */
export function SearchBox({ value, placeholder, onSearch }: Props) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  // What was searched for comes back trimmed: the blank before the next word stays.
  useEffect(() => setText((typed) => (typed.trim() === value ? typed : value)), [value]);
  const change = (next: string, wait: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(next.trim()), wait);
  };
  return (
    <View className="search">
      <Icon name="search" small className="search__icon" />
      <Input
        className="search__input"
        value={text}
        placeholder={placeholder}
        placeholderClass="placeholder"
        confirmType="search"
        onInput={(event) => change(event.detail.value, pause)}
        onConfirm={(event) => change(event.detail.value, 0)}
      />
      {text ? (
        <View className="search__clear" onClick={() => change('', 0)}>
          <Icon name="close" small />
        </View>
      ) : null}
    </View>
  );
}

import { Image, View } from '@tarojs/components';
import { useEffect, useState } from 'react';
import { shownPath } from '../platform/file-copy.js';
import { isH5 } from '../platform/host.js';
import { fileUrl } from '../platform/upload.js';

interface Props {
  /** Of a stored file. */
  id: string;
  mode: 'aspectFill' | 'aspectFit';
  className: string;
  onClick?: () => void;
}

/** A stored picture; grey until it is there. */
export function ServerImage({ id, mode, className, onClick }: Props) {
  const [path, setPath] = useState(isH5 ? fileUrl(id) : '');
  useEffect(() => {
    let gone = false;
    shownPath(id).then(
      (found) => gone || setPath(found),
      // The grey place stays.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [id]);
  if (path === '') return <View className={`${className} picture-wait`} />;
  return <Image className={className} mode={mode} src={path} {...(onClick ? { onClick } : {})} />;
}

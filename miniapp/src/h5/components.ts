// What `@tarojs/components` is on H5 (config/index.ts): Taro's own, but for the element that pages are made of.
export { Canvas, Image, Input, Picker, ScrollView, Slider, Switch, Text, Textarea } from '@tarojs/components/lib/react';
/** WeCom's element in pages; mini-programs have one of the host's by this name. */
export const OpenData = 'ww-open-data';
export { View } from './view.js';

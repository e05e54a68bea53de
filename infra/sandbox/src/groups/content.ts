import type { MessageContent } from '../wecom/card-types.js';

/** What robots and apps say in groups, as phones show it. */
export type GroupContent =
  | { kind: 'text' | 'markdown' | 'markdown_v2'; text: string }
  | Extract<MessageContent, { kind: 'news' | 'textcard' | 'template_card' }>
  /** `url`: where phones fetch the picture. */
  | { kind: 'image'; url: string }
  | { kind: 'file' | 'voice'; name: string; bytes: number }
  /** DingTalk's actionCard: one link for the whole, or buttons that are links; they never call back. */
  | {
      kind: 'ding_action_card';
      title: string;
      text: string;
      beside: boolean;
      buttons: { title: string; url: string }[];
    };

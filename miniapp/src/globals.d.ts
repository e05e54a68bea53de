/** Address of the server, set when a mini-program is built (LIANKE_PUBLIC_URL); empty on h5, which is served by it. */
declare const LIANKE_SERVER: string;
/** The chat connection a mini-program logs in through, set when it is built; empty: asked from the server. */
declare const LIANKE_CONNECTION: string;

/** What WeCom adds to WeChat's global object. */
declare const wx: {
  qy?: {
    login(options: { success(answer: { code: string }): void; fail(error: unknown): void }): void;
    openEnterpriseChat?(options: {
      userIds: string;
      externalUserIds: string;
      groupName: '';
      success(): void;
      fail(error: unknown): void;
    }): void;
    getCurExternalContact?(options: { success(answer: { userId: string }): void; fail(error: unknown): void }): void;
  };
};
/** DingTalk's global object, as far as Taro does not wrap it. */
declare const dd: {
  openChatByUserId?(options: { userId: string; success(): void; fail(error: unknown): void }): void;
  getAuthCode(options: { success(answer: { authCode: string }): void; fail(error: unknown): void }): void;
  compressImage?(options: {
    filePaths: string[];
    /** 0 (least) to 4 */
    compressLevel: number;
    success(answer: { filePaths?: string[]; apFilePaths?: string[] }): void;
    fail(error: unknown): void;
  }): void;
};

declare module '*.scss';

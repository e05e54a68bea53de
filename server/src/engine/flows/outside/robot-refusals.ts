import type { Words } from '@lianke/shared/errors/issue-text';

const gone: Words = {
  zh: '机器人的地址无效：机器人可能已被移出群。请在群里重新添加机器人，把新地址填到企业管理的“群机器人”里',
  en: 'the address of the robot is not valid, it may have been removed from its group: add a robot there again and enter its new address under Group robots in the administration',
};
const tooFast: Words = {
  zh: '每个群机器人每分钟最多 20 条，发得太快，稍后会再试',
  en: 'a group robot sends 20 messages a minute at most; it is tried again later',
};
const unsafe: Words = {
  zh: '内容被平台拦下，请去掉其中的敏感词或可疑的网址',
  en: 'the platform held the words back: take out what it may find unsafe, or a doubtful address',
};
const ownMistake: Words = {
  zh: '群机器人不接受这条消息的内容，请检查标题、字段与链接是否为空或过长',
  en: 'the group robot does not take this message: check whether its title, fields or link are empty or too long',
};
const busy: Words = { zh: '平台系统繁忙，稍后会再试', en: 'the platform is busy; it is tried again later' };

/** Numbers of both platforms' group robots (WW/99110, DD/custom-robot-access). */
const advice: Record<number, Words> = {
  [-1]: busy,
  93000: gone,
  300005: gone,
  400013: { zh: '群已解散，请删除这个群机器人', en: 'the group was dissolved: delete this group robot' },
  400101: gone,
  400102: { zh: '机器人已停用，请在群设置里启用', en: 'the robot is disabled: enable it in the settings of the group' },
  45009: tooFast,
  45033: tooFast,
  130101: tooFast,
  410100: tooFast,
  660026: tooFast,
  40008: ownMistake,
  400105: ownMistake,
  400106: gone,
  40035: ownMistake,
  40058: ownMistake,
  40063: ownMistake,
  44004: ownMistake,
  45002: ownMistake,
  45008: ownMistake,
  430101: unsafe,
  430102: unsafe,
  430103: unsafe,
  430104: unsafe,
};

/** DingTalk gives everything that its 安全设置 refuse one number; the words tell which of them it was. */
function securityAdvice(errmsg: string): Words {
  if (/keyword/i.test(errmsg))
    return {
      zh: '机器人要求消息里有自定义关键词，请把关键词写进标题，或在群里改用“加签”',
      en: 'the robot asks for one of its keywords: write one into the title, or use 加签 in the group instead',
    };
  if (/\bip\b/i.test(errmsg))
    return {
      zh: '机器人只接受白名单里的 IP，请在群里把这台服务器的出口 IP 加进去，或改用“加签”',
      en: 'the robot takes messages from listed addresses only: add the address of this server in the group, or use 加签',
    };
  return {
    zh: '签名不对，请在群里重新复制“加签”的密钥（SEC 开头），并检查服务器时间',
    en: "the signature does not match: copy the robot's 加签 secret (it begins with SEC) again, and check the clock of the server",
  };
}

/** Numbers that have a sentence here; 310000 has three. */
export const advisedRobotNumbers: readonly number[] = [...Object.keys(advice).map(Number), 310000];

/** May go away by itself. */
export const passes = (errcode: number | undefined): boolean =>
  errcode !== undefined && [45009, 45033, 130101, 410100, 660026, -1].includes(errcode);

/** What an administrator can do about a refusal; undefined where only the platform's own words are known. */
export const robotAdvice = (errcode: number, errmsg: string): Words | undefined =>
  errcode === 310000 ? securityAdvice(errmsg) : advice[errcode];

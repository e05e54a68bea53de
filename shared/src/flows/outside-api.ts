import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { language } from '../org/api.js';
import { secretName } from './nodes/outside.js';

export const secretKinds = ['secret', 'robot'] as const;
export type SecretKind = (typeof secretKinds)[number];

/** A secret as it may be shown: what it says never is. */
export const flowSecretView = z.object({
  id: uuidOf<'secret'>(),
  name: z.string(),
  kind: z.enum(secretKinds),
  /** A group that the company's own app has made: there is no address, and its people can be changed. */
  ownGroup: z.boolean(),
  /** In which its group is written to: everything but what people typed. Of robots only. */
  language,
  createdAt: z.string(),
  /** When what it says was changed last. */
  rotatedAt: z.string(),
  by: z.string().nullable(),
  /** Flows whose draft or published version names it. */
  uses: z.array(z.object({ id: z.string(), appId: z.string(), name: z.string() })),
});
export type FlowSecretView = z.infer<typeof flowSecretView>;

const secretValue = z.string().trim().min(1).max(4000);
/** Robots of DingTalk that sign their messages have a second secret. */
const signature = z.string().trim().max(200).optional();

export const createSecretBody = z.object({
  name: secretName,
  kind: z.enum(secretKinds),
  value: secretValue,
  signature,
  /** Of a robot: in which its group is written to. */
  language: language.default('zh'),
});
/** The language of a robot's group, from now on. */
export const groupLanguageBody = z.object({ language });
export const rotateSecretBody = z.object({ value: secretValue, signature });

/** The company's mail account; its password is never shown. */
export const mailAccountView = z.object({
  host: z.string(),
  port: z.number().int(),
  security: z.enum(['tls', 'starttls']),
  user: z.string(),
  from: z.string(),
  fromName: z.string(),
  hasPassword: z.boolean(),
  updatedAt: z.string(),
});
export type MailAccountView = z.infer<typeof mailAccountView>;
export const mailAccountBody = z.object({
  host: z.string().trim().min(1).max(200),
  port: z.number().int().min(1).max(65_535),
  /** tls: encrypted from the first byte (465); starttls: begun in clear, then encrypted (587), refused otherwise. */
  security: z.enum(['tls', 'starttls']),
  user: z.string().trim().max(200),
  /** Absent: as it was. */
  password: z.string().max(500).optional(),
  from: z.email().max(200),
  fromName: z.string().trim().max(60).default(''),
});
export type MailAccountBody = z.infer<typeof mailAccountBody>;
/** A test letter to an address; says what the server answered. */
export const mailTestBody = z.object({ to: z.email().max(200) });
export const mailTestResult = z.object({ sent: z.boolean(), detail: z.string() });

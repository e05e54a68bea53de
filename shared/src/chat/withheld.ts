import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** Words that stand in the place of a name that the platform tells no app of its directory, and shows itself to whoever may see it. */
export const withheldName = z.object({
  kind: z.enum(['member', 'department']),
  /** What stands there instead. */
  text: z.string(),
  /** As the platform calls the person or department. */
  id: z.string(),
});
export type WithheldName = z.infer<typeof withheldName>;

export const withheldNames = z.object({
  /** Through which page and element ask the platform; null: no name is withheld. */
  connection: z
    .object({
      id: uuidOf<'connection'>(),
      corpId: z.string(),
      agentId: z.string(),
      /** The platform's script for browsers outside of its client. */
      script: z.url(),
    })
    .nullable(),
  /** Whether people can be found by such a name. */
  searchable: z.boolean(),
  items: z.array(withheldName),
});
export type WithheldNames = z.infer<typeof withheldNames>;

import { z } from 'zod';

/** A version or revision that was read before: as the database counts them, in 32 bits. */
export const revisionNumber = z.number().int().min(0).max(2_147_483_647);

/** Records printed at one go. */
export const mostPrinted = 200;

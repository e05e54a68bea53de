/** How much of a card people see in WeCom, in characters: what is longer is cut. */
export const cardLimits = { title: 36, label: 5, value: 30, facts: 6 } as const;

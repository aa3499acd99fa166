/** Settings that deploy/ names already and other branches bring: empty when all of them are merged, and then this goes. */
export const ARRIVING_SETTINGS: readonly string[] = ['TRUST_PROXY', 'REDIS_URL'];

/** Nobody could do that here: there is no such person, channel, message or element, or it does not take that. */
export class Impossible extends Error {}

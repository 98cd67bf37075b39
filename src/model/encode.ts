/** JSON leaves these as they are; a terminal would act on them. */
const RAW = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON that is safe on a terminal and says the same. */
export function encode(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(RAW, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** Breaks text at blanks into lines of a width; a longer word stays whole, so that it can be copied. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The same with every line indented. */
export function indented(text: string, width: number, indent: string): string {
  return wrap(text, width - indent.length).map((line) => `${indent}${line}\n`).join('');
}

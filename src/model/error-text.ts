/** What an error says that may be shown: one line, without tokens and passwords. What a parser says is left out, because it quotes what it read. */
export function errorText({ name, message }: Error): string {
  if (name === 'SyntaxError') return '';
  const [line = ''] = message.split('\n', 1);
  return withoutSecrets(line);
}

/** Leaves out Slack tokens, and passwords in addresses. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/\bx(?:ox[a-z]|app)-[\w-]+/g, '[token]').replaceAll(/(\/\/[^/\s:@]*:)[^@\s/]+@/g, '$1[password]@');
}

/** Where an error was thrown, innermost first. */
export function errorPlaces({ stack = '', message }: Error): readonly string[] {
  // The stack begins with the message, which may have lines that look like places.
  const places = stack.replace(message, () => '');
  return places.split('\n').filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
}

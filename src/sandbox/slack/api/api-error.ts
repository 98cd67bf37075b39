/** Refuses a call as Slack does: `{ ok: false, error }`, with details beside them. */
export class ApiError extends Error {
  readonly details: Readonly<Record<string, unknown>>;

  constructor(error: string, details: Readonly<Record<string, unknown>> = {}) {
    super(error);
    this.details = details;
  }
}

/** Arguments that do not fit the method, in the words that Slack uses for them. */
export function invalidArguments(...messages: readonly string[]): ApiError {
  return new ApiError('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
}

/** Parts of the name of a variable or key that holds a credential. The name is in snake case by then. */
const SECRET_WORDS = [
  /passw(?:or)?d|passphrase|passcode/,
  /secret/,
  /credential/,
  /bearer/,
  // Not the tokens that a language model counts, nor what makes them.
  /token(?!iz)/,
  /(?<![a-z])(?:jwt|pwd)(?![a-z])|[a-z]pwd(?![a-z])/,
  // Keys that open something; the number of a key pair (`AWS_ACCESS_KEY_ID`) and a public key do not.
  /(?:private|api|access|auth|account|storage|encryption|signing|master)_?key(?!_?id)/,
  /^azure_.+key$/,
  /^oci_cli_key_content$/,
];

/** Ends of names that say something about a credential and are not it. */
const ABOUT_SECRETS =
  /(?<![a-z])(?:files?|filename|paths?|dir|names?|ttl|ur[il]s?|endpoint|host|port|header|expir(?:y|ation|es)|expires_(?:in|at)|lifetime|duration|interval|timeout|length|limit|count|enabled|disabled|required|policy|issuer|audience|alg|algorithm|encryption|prefix|namespace|ref|provider|backend|engine|version|type|arn|pattern|regexp?|format|label|hint|prompt|placeholder|message|description|field|column|claim|scopes?|mode|method|strategy|stores?|manager|driver|class|rotation|cache|size)$/;

const PASSWORD_AT_THE_END = /(?:passw(?:or)?d|passphrase|passcode|pwd)$/;

/** Texts that are a credential whatever their name, by what people call them. */
const SECRET_SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ['a private key', /-----\s*BEGIN\s[\w ]*PRIVATE KEY/i],
  // The same in Base64, as in a kubeconfig.
  ['a private key', /LS0tLS1CRUdJTiB(?:SU0EgUFJJVkFURSBLRVk|FQyBQUklWQVRFIEtFWS|QUklWQVRFIEtFWS|PUEVOU1NIIFBSSVZBVEUgS0VZ|FTkNSWVBURUQgUFJJVkFURSBLRVk)/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[oprsu]_\w{16,}|github_pat_\w{20,})/],
  ['a GitLab token', /\bgl(?:pat|dt|rt|ptt|cbt|agent)-[\w-]{16,}/],
  ['a Slack token', /\bx(?:ox[a-z]|app)-[0-9A-Za-z-]{10,}/],
  ['the address of a Slack webhook', /\bhooks\.slack\.com\/services\/T\w{2,20}\/B\w{2,20}\/\w{20,}/],
  ['registry credentials', /"auths"\s{0,20}:\s{0,20}\{[^}]{0,2000}"auth"\s{0,20}:\s{0,20}"[A-Za-z0-9+/]{8,}={0,2}"/],
  ['a Google API key', /\bAIza[\w-]{30,}/],
  ['a Stripe key', /\b[rs]k_live_\w{16,}/],
  ['an npm token', /\bnpm_\w{30,}/],
  // The header of a token begins with one of its three usual members; two dotted parts are a token with any.
  ['a JSON Web Token', /\beyJ(?:hbGciO|0eXAiO|raWQiO)|\beyJ[\w-]{4,300}\.eyJ/],
  ['a bearer token', /^bearer\s+[\w.~+/-]{8,}=*$/i],
  ['a URL with a password', /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@$({]*:(?![$({<]|\d+\/)[^\s/@]+@/i],
];

/** Texts that say where a credential is, or that switch something. */
const NO_SECRETS = [
  /^$/,
  // Filled in by Kubernetes, a template or a shell.
  /\$\(\w|\$\{|\{\{|^\$[A-Za-z_][\w.:-]*$|^<[^>]*>$/,
  // Paths, also of Windows.
  /^(?:\.{0,2}|~)\/\S*$|^[A-Za-z]:\\/,
  // References into a store of secrets, and URLs without a password.
  /^(?:vault|secretref|ref\+\w+|arn|file):\S*$|^projects\/[^/]+\/secrets\/\S*$|^[a-z][a-z0-9+.-]*:\/\/\S*$/i,
  /^(?:true|false|yes|no|on|off|null|none|nil|enabled|disabled)$/i,
  // A length of time.
  /^-?\d+(?:\.\d+)?(?:ms|s|m|h|d)$/,
];

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Whether a variable or key of this name usually holds a credential: `DB_PASSWORD`, `apiToken`, `AZURE_STORAGE_KEY`. */
export function isSecretName(name: string): boolean {
  const snake = snakeCase(name);
  return !ABOUT_SECRETS.test(snake) && SECRET_WORDS.some((word) => word.test(snake));
}

/** What kind of credential a text is by its own shape, whatever it is called: `a private key`. Undefined when it looks like none. */
export function secretShape(text: string): string | undefined {
  return SECRET_SHAPES.find(([, shape]) => shape.test(text))?.[0];
}

/**
 * What a named text gives away, such as `a private key` or `a credential by its name`; undefined when nothing.
 *
 * The answer never holds the text.
 */
export function secretIn(name: string, text: string): string | undefined {
  const shape = secretShape(text);
  if (shape !== undefined) return shape;
  const value = text.trim();
  if (!isSecretName(name) || NO_SECRETS.some((harmless) => harmless.test(value))) return undefined;
  // A number is a setting (MAX_TOKENS), but for a weak password.
  if (NUMBER.test(value) && !PASSWORD_AT_THE_END.test(snakeCase(name))) return undefined;
  return 'a credential by its name';
}

/** `dbPassword` and `db.password` as `db_password`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}
